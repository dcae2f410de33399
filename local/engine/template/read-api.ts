import type { ApiKeyModel, ApiModel, RouteModel, Throttle } from './model.ts';
import type { Resource, Resources } from './read-resources.ts';

type Report = (problem: string) => void;
type Method = Resource<'AWS::ApiGateway::Method'>;

/** The REST API of the assembly; undefined when it has none. More than one is reported: there is one port. */
export function readApi(resources: Resources, report: Report): ApiModel | undefined {
  const [api, ...others] = resources.of('AWS::ApiGateway::RestApi');
  for (const other of others)
    report(`AWS::ApiGateway::RestApi ${other.stack.name}/${other.logicalId}: only one API can be run`);
  if (!api) return undefined;
  const [stage, ...otherStages] = resources.of('AWS::ApiGateway::Stage');
  if (!stage || otherStages.length > 0)
    report(`AWS::ApiGateway::Stage: one stage is needed, there are ${otherStages.length + Number(!!stage)}`);
  const [settings] = stage?.properties.MethodSettings ?? [];
  return {
    id: api.ref,
    stage: stage?.name ?? '',
    apiKeySource: api.properties.ApiKeySourceType,
    throttle: throttleOf(settings?.ThrottlingBurstLimit, settings?.ThrottlingRateLimit),
    routes: resources.of('AWS::ApiGateway::Method').map((method) => readRoute(method, resources, report)),
    gatewayResponses: resources.of('AWS::ApiGateway::GatewayResponse').map(({ properties }) => properties),
    usagePlans: resources.of('AWS::ApiGateway::UsagePlan').map(({ ref, name, properties }) => ({
      id: ref,
      name: properties.UsagePlanName ?? name,
      throttle: throttleOf(properties.Throttle?.BurstLimit, properties.Throttle?.RateLimit),
      quota: properties.Quota,
    })),
    keys: readKeys(resources),
  };
}

function readKeys(resources: Resources): ApiKeyModel[] {
  const uses = resources.of('AWS::ApiGateway::UsagePlanKey').map(({ properties }) => properties);
  return resources.of('AWS::ApiGateway::ApiKey').map(({ ref, name, properties }) => ({
    id: ref,
    value: properties.Value,
    name: properties.Name ?? name,
    enabled: properties.Enabled,
    usagePlanIds: uses.filter(({ KeyId }) => KeyId === ref).map(({ UsagePlanId }) => UsagePlanId),
  }));
}

function readRoute(method: Method, resources: Resources, report: Report): RouteModel {
  const { properties, stack, logicalId } = method;
  const where = `AWS::ApiGateway::Method ${stack.name}/${logicalId}`;
  const validators = resources.of('AWS::ApiGateway::RequestValidator');
  const validator = validators.find(({ ref }) => ref === properties.RequestValidatorId);
  const required = Object.entries(properties.RequestParameters).flatMap(([name, isRequired]) =>
    isRequired ? [name] : [],
  );
  return {
    method: properties.HttpMethod,
    path: pathOf(properties.ResourceId, resources),
    resourceId: properties.ResourceId,
    functionArn: functionArnIn(properties.Integration.Uri, `${where} Integration.Uri`, report),
    timeoutMs: properties.Integration.TimeoutInMillis,
    authorizerArn: authorizerArnOf(method, where, resources, report),
    apiKeyRequired: properties.ApiKeyRequired,
    requiredParameters: validator?.properties.ValidateRequestParameters ? required : [],
  };
}

function authorizerArnOf(method: Method, where: string, resources: Resources, report: Report): string | undefined {
  if (method.properties.AuthorizationType === 'NONE') return undefined;
  const authorizer = resources
    .of('AWS::ApiGateway::Authorizer')
    .find(({ ref }) => ref === method.properties.AuthorizerId);
  if (!authorizer) report(`${where} AuthorizerId: no such authorizer`);
  return authorizer && functionArnIn(authorizer.properties.AuthorizerUri, `${where} AuthorizerUri`, report);
}

/** The function in `arn:aws:apigateway:region:lambda:path/2015-03-31/functions/<arn>/invocations`. */
function functionArnIn(uri: string, where: string, report: Report): string {
  const arn = /\/functions\/(arn:[^/]+)\/invocations$/.exec(uri)?.[1];
  if (!arn) report(`${where}: ${uri} names no function`);
  return arn ?? '';
}

function pathOf(resourceId: string, resources: Resources): string {
  const all = resources.of('AWS::ApiGateway::Resource');
  const parts: string[] = [];
  let current = all.find(({ ref }) => ref === resourceId);
  while (current) {
    parts.unshift(current.properties.PathPart);
    const parent = current.properties.ParentId;
    current = all.find(({ ref }) => ref === parent);
  }
  return `/${parts.join('/')}`;
}

function throttleOf(burst: number | undefined, rate: number | undefined): Throttle | undefined {
  return burst === undefined || rate === undefined ? undefined : { burst, rate };
}
