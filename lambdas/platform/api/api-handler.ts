import middy, { type MiddyfiedHandler } from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type * as z from 'zod';
import { type RouteFunctionName, requiredScopes, type Scope } from '../../contracts/scopes.ts';
import { ConflictError, InvalidRequestError, NotFoundError, RetryableError } from '../../domain/errors.ts';
import { logger } from '../logger.ts';
import { parseRequest } from './parse-request.ts';
import { respond } from './responses.ts';

type Answer = Promise<APIGatewayProxyResult>;

export type ApiHandlerOptions = {
  /** What a bad request's message begins with. */
  readonly invalid?: string;
  /** How this route answers an error, where it differs from its family. */
  readonly errors?: (error: unknown) => APIGatewayProxyResult | undefined;
};

/**
 * A route of the wrappers family: checks the key's scope, parses the request, answers errors in the family's shape
 * (contract, "Family 1"). It alone knows middy, JSON and status codes.
 */
export function apiHandler<Schema extends z.ZodType>(
  name: RouteFunctionName,
  schema: Schema,
  handle: (request: z.output<Schema>) => Answer,
  options: ApiHandlerOptions = {},
): MiddyfiedHandler<APIGatewayProxyEvent, APIGatewayProxyResult> {
  const scope = requiredScopes[name];
  return middy<APIGatewayProxyEvent, APIGatewayProxyResult>()
    .onError((request) => {
      request.response = options.errors?.(request.error) ?? errorResponse(request.error);
    })
    .handler(async (event) => {
      if (!hasScope(event, scope)) {
        return respond(403, { detail: `Forbidden - Insufficient permissions. This key lacks the scope ${scope}.` });
      }
      return mounted(await handle(parseRequest(schema, event, options.invalid ?? 'Invalid request')), event);
    });
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

/** Messages of known errors are made for users; of any other nothing but its class may be told. */
function errorResponse(error: unknown): APIGatewayProxyResult {
  if (error instanceof InvalidRequestError) return respond(400, { detail: error.message, errors: error.issues });
  if (error instanceof NotFoundError) return respond(404, { detail: error.message });
  if (error instanceof ConflictError) return respond(409, { detail: error.message });
  logger.error('request failed', { error: error as Error });
  // middy's own: the function's time is up before whatever it waits for has answered.
  const isLate = error instanceof Error && error.name === 'TimeoutError';
  if (isLate || error instanceof RetryableError) return respond(503, { detail: 'Service unavailable' });
  return respond(500, { detail: 'Internal server error' });
}
