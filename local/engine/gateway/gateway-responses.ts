import type { HttpResponse } from '../http-service.ts';
import type { GatewayResponseModel } from '../template/model.ts';

/** An answer that the gateway makes itself: its type in the template, its own status and its own message. */
const defaults = {
  ACCESS_DENIED: [403, 'User is not authorized to access this resource'],
  AUTHORIZER_CONFIGURATION_ERROR: [500, 'Internal server error'],
  AUTHORIZER_FAILURE: [500, 'Internal server error'],
  BAD_REQUEST_PARAMETERS: [400, 'Missing required request parameters'],
  DEFAULT_5XX: [502, 'Internal server error'],
  INTEGRATION_TIMEOUT: [504, 'Endpoint request timed out'],
  INVALID_API_KEY: [403, 'Forbidden'],
  MISSING_AUTHENTICATION_TOKEN: [403, 'Missing Authentication Token'],
  QUOTA_EXCEEDED: [429, 'Limit Exceeded'],
  REQUEST_TOO_LARGE: [413, 'Request Too Long'],
  THROTTLED: [429, 'Too Many Requests'],
  UNAUTHORIZED: [401, 'Unauthorized'],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export type GatewayResponseType = keyof typeof defaults;

/** Thrown while a request is handled, to be answered by the gateway instead of a function. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly type: GatewayResponseType;

  constructor(type: GatewayResponseType, message: string = defaults[type][1]) {
    super(message);
    this.type = type;
  }
}

/** Renders the template's own response of that type, or of its class, or API Gateway's default. */
export function renderGatewayResponse(
  { type, message }: GatewayError,
  templates: readonly GatewayResponseModel[],
  context: { readonly requestId: string; readonly path: string },
): HttpResponse {
  const [defaultStatus] = defaults[type];
  const wanted = [type, defaultStatus < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX'];
  const found = wanted.map((name) => templates.find(({ ResponseType }) => ResponseType === name)).find(Boolean);
  const headers = Object.entries(found?.ResponseParameters ?? {}).map(([name, value]) => [
    name.replace('gatewayresponse.header.', ''),
    value.slice(1, -1),
  ]);
  const variables: Record<string, string> = {
    '$context.error.messageString': JSON.stringify(message),
    '$context.error.message': message,
    '$context.error.responseType': type,
    '$context.requestId': context.requestId,
    '$context.extendedRequestId': context.requestId,
    '$context.path': context.path,
  };
  const template = found?.ResponseTemplates?.['application/json'] ?? '{"message":$context.error.messageString}';
  return {
    // A class of responses keeps each member's own status, unless it names one.
    status: found?.StatusCode ?? defaultStatus,
    headers: {
      'content-type': 'application/json',
      'x-amzn-requestid': context.requestId,
      ...Object.fromEntries(headers),
    },
    body: template.replace(/\$context\.[a-zA-Z.]*[a-zA-Z]/g, (name) => variables[name] ?? ''),
  };
}
