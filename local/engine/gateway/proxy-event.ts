import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { HttpRequest } from '../http-service.ts';
import type { ApiModel } from '../template/model.ts';
import type { RouteMatch } from './match-route.ts';

export type Call = {
  readonly request: HttpRequest;
  readonly match: RouteMatch;
  readonly requestId: string;
  /** Epoch milliseconds. */
  readonly time: number;
};

/**
 * The event of a REST API, payload version 1.0. Path and path parameters are as they came, the query is decoded, and
 * of a repeated header or query parameter the single-value maps have the last.
 */
export function proxyEvent(
  { request, match, requestId, time }: Call,
  { id, stage }: Pick<ApiModel, 'id' | 'stage'>,
  context: APIGatewayProxyEvent['requestContext']['authorizer'],
): APIGatewayProxyEvent {
  const [path = '/', search = ''] = splitTarget(request.target);
  const query = group([...new URLSearchParams(search)]);
  const headers = group(pairs(request.rawHeaders));
  return {
    resource: match.route.path,
    path,
    httpMethod: request.method,
    headers: lastOf(headers) ?? {},
    multiValueHeaders: headers,
    queryStringParameters: lastOf(query),
    multiValueQueryStringParameters: Object.keys(query).length > 0 ? query : null,
    pathParameters: Object.keys(match.pathParameters).length > 0 ? match.pathParameters : null,
    stageVariables: null,
    requestContext: {
      resourceId: match.route.resourceId,
      resourcePath: match.route.path,
      operationName: undefined,
      httpMethod: request.method,
      extendedRequestId: requestId,
      requestId,
      requestTime: clfTime(time),
      requestTimeEpoch: time,
      path,
      protocol: 'HTTP/1.1',
      stage,
      domainPrefix: id,
      domainName: request.headers.host ?? '127.0.0.1',
      accountId: '000000000000',
      apiId: id,
      authorizer: context,
      identity: identityOf(request),
    } as APIGatewayProxyEvent['requestContext'],
    body: request.body.length > 0 ? request.body.toString('utf8') : null,
    isBase64Encoded: false,
  };
}

/** Path and query of a request target. */
export function splitTarget(target: string): [string, string] {
  const question = target.indexOf('?');
  return question < 0 ? [target, ''] : [target.slice(0, question), target.slice(question + 1)];
}

function identityOf(request: HttpRequest): object {
  return { sourceIp: request.sourceIp, userAgent: request.headers['user-agent'] ?? null };
}

function pairs(raw: readonly string[]): [string, string][] {
  const result: [string, string][] = [];
  for (let index = 0; index < raw.length; index += 2) result.push([raw[index] ?? '', raw[index + 1] ?? '']);
  return result;
}

function group(entries: readonly [string, string][]): Record<string, string[]> {
  // No prototype: a header or parameter may be called __proto__.
  const grouped: Record<string, string[]> = Object.create(null);
  for (const [name, value] of entries) {
    const values = grouped[name] ?? [];
    values.push(value);
    grouped[name] = values;
  }
  return grouped;
}

function lastOf(grouped: Record<string, string[]>): Record<string, string> | null {
  const entries = Object.entries(grouped);
  return entries.length === 0 ? null : Object.fromEntries(entries.map(([name, values]) => [name, values.at(-1) ?? '']));
}

/** `09/Apr/2015:12:34:56 +0000` */
function clfTime(time: number): string {
  const [, day, month, year, clock] = /, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(time).toUTCString()) ?? [];
  return `${day}/${month}/${year}:${clock} +0000`;
}
