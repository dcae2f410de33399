import { type GatewayResponseOptions, ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { Settings } from '../settings.ts';
import { limitsAddresses } from './address-limit.ts';

/**
 * The answers that the gateway gives without asking a function. They can't tell one family of the contract from
 * another, so their bodies serve the clients of all three.
 */
export function addGatewayResponses(api: RestApi, settings: Settings): void {
  for (const [id, response] of Object.entries(responses)) api.addGatewayResponse(id, response);
  api.addGatewayResponse('WafFiltered', limitsAddresses(settings) ? addressLimited : filtered);
}

const unauthorized = 'Unauthorized - API key required.';
const forbidden = 'Forbidden - Insufficient permissions.';
const unavailable = 'Service unavailable';

/** `type` of each: what happened in the gateway. A default has to name its status, or the body's code could differ. */
const responses: Readonly<Record<string, GatewayResponseOptions>> = {
  Unauthorized: answer(ResponseType.UNAUTHORIZED, 401, unauthorized),
  // The authorizer named a key that is not, or no longer, on the usage plan: as unknown as any other.
  InvalidApiKey: answer(ResponseType.INVALID_API_KEY, 401, unauthorized),
  AccessDenied: answer(ResponseType.ACCESS_DENIED, 403, forbidden),
  ExpiredToken: answer(ResponseType.EXPIRED_TOKEN, 403, forbidden),
  InvalidSignature: answer(ResponseType.INVALID_SIGNATURE, 403, forbidden),
  // What the gateway says of any path or method that it does not have, despite the name.
  UnknownRoute: answer(ResponseType.MISSING_AUTHENTICATION_TOKEN, 404, 'Not found'),
  ResourceNotFound: answer(ResponseType.RESOURCE_NOT_FOUND, 404, 'Not found'),
  RequestTooLarge: answer(ResponseType.REQUEST_TOO_LARGE, 413, 'Request body is larger than 10 MB'),
  Throttled: tooManyRequests(ResponseType.THROTTLED, 'Too many requests'),
  QuotaExceeded: tooManyRequests(ResponseType.QUOTA_EXCEEDED, 'The quota of this API key is used up for today'),
  UnsupportedMediaType: answer(ResponseType.UNSUPPORTED_MEDIA_TYPE, 415, 'Unsupported media type'),
  OtherClientError: answer(ResponseType.DEFAULT_4XX, 400, 'Bad request'),
  // The store does not answer, or nobody could say whose the key is: no defect, and no 401.
  AuthorizerFailure: answer(ResponseType.AUTHORIZER_FAILURE, 503, unavailable),
  AuthorizerError: answer(ResponseType.AUTHORIZER_CONFIGURATION_ERROR, 503, unavailable),
  IntegrationFailure: answer(ResponseType.INTEGRATION_FAILURE, 504, unavailable),
  IntegrationTimeout: answer(ResponseType.INTEGRATION_TIMEOUT, 504, unavailable),
  OtherServerError: answer(ResponseType.DEFAULT_5XX, 500, 'Internal server error'),
};

/** By a web ACL of the account's own, for whatever reason. */
const filtered = answer(ResponseType.WAF_FILTERED, 403, forbidden);
/** By ours, whose one rule is a limit: a stage has but one web ACL. */
const addressLimited = tooManyRequests(ResponseType.WAF_FILTERED, 'Too many requests from this address');

function answer(type: ResponseType, status: number, text: string): GatewayResponseOptions {
  return {
    type,
    statusCode: String(status),
    responseHeaders: {
      'Cache-Control': "'no-store'",
      ...(status === 401 && { 'WWW-Authenticate': "'Bearer'" }),
    },
    templates: { 'application/json': JSON.stringify({ error: text, detail: text, code: status }) },
  };
}

function tooManyRequests(type: ResponseType, text: string): GatewayResponseOptions {
  const body = {
    error: { code: 'RATE_LIMIT_EXCEEDED', message: text },
    detail: text,
    _meta: { request_id: 'req_$context.requestId' },
  };
  return { ...answer(type, 429, text), templates: { 'application/json': JSON.stringify(body) } };
}
