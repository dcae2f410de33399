import middy, { type MiddyfiedHandler } from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type * as z from 'zod';
import { type RouteFunctionName, requiredScopes, type Scope } from '../../contracts/scopes.ts';
import { ConflictError, InvalidRequestError, NotFoundError, RetryableError } from '../../domain/errors.ts';
import { logger } from '../logger.ts';
import { systemClock } from '../system-clock.ts';
import type { ApiCall, ApiFamily, Refusal } from './api-family.ts';
import { parseRequest } from './parse-request.ts';
import { wrappersFamily } from './wrappers-family.ts';

export type ApiHandlerOptions = {
  /** Whose clients it answers; those of wrappers if absent. */
  readonly family?: ApiFamily;
  /** What a bad request's message begins with, where it is not what the family says. */
  readonly invalid?: string;
  /** How this route answers an error, where it differs from its family. */
  readonly errors?: (error: unknown) => APIGatewayProxyResult | undefined;
};

/**
 * A route: checks the key's scope, parses the request, answers errors in the shape of its family. It alone knows middy,
 * JSON and status codes.
 */
export function apiHandler<Schema extends z.ZodType>(
  name: RouteFunctionName,
  schema: Schema,
  handle: (request: z.output<Schema>, call: ApiCall) => Promise<APIGatewayProxyResult>,
  options: ApiHandlerOptions = {},
): MiddyfiedHandler<APIGatewayProxyEvent, APIGatewayProxyResult> {
  const { family = wrappersFamily, invalid = family.invalid, errors } = options;
  const scope = requiredScopes[name];
  return middy<APIGatewayProxyEvent, APIGatewayProxyResult>()
    .onError((request) => {
      const { event, error } = request;
      request.response = errors?.(error) ?? family.refuse(refusalOf(error), callOf(event));
    })
    .handler(async (event) => {
      const call = callOf(event);
      if (!hasScope(event, scope)) return family.refuse(forbidden(scope), call);
      return mounted(await handle(parseRequest(schema, event, invalid), call), event);
    });
}

function callOf({ requestContext: { requestId } }: APIGatewayProxyEvent): ApiCall {
  return { requestId, now: systemClock.now() };
}

/** A stage's name is part of the gateway's own address and not of the paths that routes know. */
function mounted(response: APIGatewayProxyResult, event: APIGatewayProxyEvent): APIGatewayProxyResult {
  const location = response.headers?.Location;
  const { path } = event.requestContext;
  if (typeof location !== 'string' || !path.endsWith(event.path)) return response;
  const mount = path.slice(0, path.length - event.path.length);
  return { ...response, headers: { ...response.headers, Location: `${mount}${location}` } };
}

function hasScope(event: APIGatewayProxyEvent, scope: Scope): boolean {
  const granted: unknown = event.requestContext.authorizer?.scopes;
  return typeof granted === 'string' && granted.split(' ').includes(scope);
}

function forbidden(scope: Scope): Refusal {
  return { status: 403, message: `Forbidden - Insufficient permissions. This key lacks the scope ${scope}.` };
}

/** Messages of known errors are made for users; of any other nothing but its class may be told. */
function refusalOf(error: unknown): Refusal {
  if (error instanceof InvalidRequestError) return { status: 400, message: error.message, issues: error.issues };
  if (error instanceof NotFoundError) return { status: 404, message: error.message };
  if (error instanceof ConflictError) return { status: 409, message: error.message };
  logger.error('request failed', { error: error as Error });
  // middy's own: the function's time is up before whatever it waits for has answered.
  const isLate = error instanceof Error && error.name === 'TimeoutError';
  if (isLate || error instanceof RetryableError) return { status: 503, message: 'Service unavailable' };
  return { status: 500, message: 'Internal server error' };
}
