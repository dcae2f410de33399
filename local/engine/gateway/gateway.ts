import type { LambdaFunction } from '../functions/lambda-function.ts';
import type { Outcome } from '../functions/outcome.ts';
import { type HttpRequest, type HttpResponse, type HttpService, startHttpService } from '../http-service.ts';
import type { ApiModel, RouteModel } from '../template/model.ts';
import { authorize } from './authorize.ts';
import { GatewayError, renderGatewayResponse } from './gateway-responses.ts';
import type { KeyStore } from './key-store.ts';
import { matchRoute, type RouteMatch } from './match-route.ts';
import { type Call, proxyEvent, splitTarget } from './proxy-event.ts';
import { proxyResponse } from './proxy-response.ts';
import { tokenBucket } from './throttle.ts';
import { usagePlanCheck } from './usage-plans.ts';

export type GatewayOptions = {
  readonly api: ApiModel;
  readonly functions: ReadonlyMap<string, LambdaFunction>;
  readonly keys: KeyStore;
  /** 0 picks a free one. */
  readonly port: number;
  /** `region:account`, for method ARNs. */
  readonly owner: string;
  readonly now: () => number;
  readonly newId: () => string;
};

/** Serves the REST API at the root of its port, as a custom domain mapped to the stage would. */
export function startGateway(options: GatewayOptions): Promise<HttpService> {
  const handle = handler(options);
  return startHttpService(options.port, async (request) => {
    const requestId = options.newId();
    try {
      return await handle(request, requestId);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      const [path] = splitTarget(request.target);
      return renderGatewayResponse(error, options.api.gatewayResponses, { requestId, path });
    }
  });
}

/** The steps of a request in API Gateway's order: size, route, authorizer, stage and plan limits, parameters, function. */
function handler({ api, functions, keys, owner, now, newId }: GatewayOptions) {
  const checkUsage = usagePlanCheck(api.usagePlans, keys, now);
  const takeOfStage = perRoute(api, now);
  return async (request: HttpRequest, requestId: string): Promise<HttpResponse> => {
    if (request.isTooLarge) throw new GatewayError('REQUEST_TOO_LARGE');
    const [path] = splitTarget(request.target);
    const match = matchRoute(api.routes, request.method, path);
    if (!match) throw new GatewayError('MISSING_AUTHENTICATION_TOKEN');
    const call: Call = { request, match, requestId, time: now() };
    const { route } = match;
    const authorizer = route.authorizerArn === undefined ? undefined : functionAt(route.authorizerArn, functions);
    const methodArn = `arn:aws:execute-api:${owner}:${api.id}/${api.stage}/${request.method}${path}`;
    const authorization = authorizer && (await authorize(authorizer, proxyEvent(call, api, undefined), methodArn));
    if (!takeOfStage(route)) throw new GatewayError('THROTTLED');
    const headerKey = request.headers['x-api-key'];
    const key = api.apiKeySource === 'AUTHORIZER' ? authorization?.usageIdentifierKey : headerKey?.toString();
    if (route.apiKeyRequired) checkUsage(key);
    requireParameters(match, request);
    const event = proxyEvent(call, api, authorization?.context);
    const outcome = await within(route.timeoutMs, functionAt(route.functionArn, functions).invoke(event));
    return proxyResponse(outcome, newId());
  };
}

function perRoute({ throttle }: ApiModel, now: () => number): (route: RouteModel) => boolean {
  const buckets = new Map<RouteModel, () => boolean>();
  return (route) => {
    const take = buckets.get(route) ?? (throttle ? tokenBucket(throttle, now) : () => true);
    buckets.set(route, take);
    return take();
  };
}

function functionAt(arn: string, functions: ReadonlyMap<string, LambdaFunction>): LambdaFunction {
  const found = functions.get(arn);
  if (!found) throw new Error(`no function ${arn}`);
  return found;
}

function requireParameters({ route }: RouteMatch, request: HttpRequest): void {
  const query = new URLSearchParams(splitTarget(request.target)[1]);
  const missing = route.requiredParameters.flatMap((parameter) => {
    const [, , place, name = ''] = parameter.split('.');
    const isThere =
      place === 'querystring' ? query.has(name) : place !== 'header' || name.toLowerCase() in request.headers;
    return isThere ? [] : [name];
  });
  if (missing.length === 0) return;
  throw new GatewayError('BAD_REQUEST_PARAMETERS', `Missing required request parameters: [${missing.join(', ')}]`);
}

/** The gateway stops waiting; the function is not told, and goes on. */
async function within(timeoutMs: number, outcome: Promise<Outcome>): Promise<Outcome> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new GatewayError('INTEGRATION_TIMEOUT')), timeoutMs);
  try {
    return await Promise.race([outcome, promise]);
  } finally {
    clearTimeout(timer);
  }
}
