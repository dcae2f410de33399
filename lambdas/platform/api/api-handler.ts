import middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import type * as z from 'zod';
import { type RouteFunctionName, requiredScopes } from '../../contracts/scopes.ts';
import { type Caller, mayTouch } from '../../domain/access/caller.ts';
import {
  ConflictError,
  ForbiddenError,
  InvalidRequestError,
  NotFoundError,
  RetryableError,
} from '../../domain/errors.ts';
import { callerOf } from '../access/caller-context.ts';
import { logger } from '../logger.ts';
import { beating } from '../status/beating.ts';
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
  /** How this route answers for a wrapper that is not there, where that is no `NotFoundError`. */
  readonly unknownWrapper?: (wrapperId: string, call: ApiCall) => APIGatewayProxyResult;
  /** Whether a key that is limited to given wrappers may not ask it, whatever its scopes. */
  readonly forAllWrappers?: boolean;
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
): (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult> {
  const { family = wrappersFamily, invalid = family.invalid, errors, unknownWrapper = notFound } = options;
  const refuseUnlessAllowed = ({ scopes, wrapperIds }: Caller) => {
    const scope = requiredScopes[name];
    if (scope !== null && !scopes.includes(scope)) throw new ForbiddenError(`This key lacks the scope ${scope}.`);
    if (options.forAllWrappers && wrapperIds) throw new ForbiddenError('This key is limited to given wrappers.');
  };
  const route = middy<APIGatewayProxyEvent, APIGatewayProxyResult>()
    .onError((request) => {
      const { event, error } = request;
      request.response = errors?.(error) ?? family.refuse(refusalOf(error), callOf(event));
    })
    .handler(async (event) => {
      const call = callOf(event);
      refuseUnlessAllowed(call.caller);
      const request = parseRequest(schema, event, invalid);
      const wrapperId = event.pathParameters?.wrapper_id;
      // As if it were not there; the store is not asked, so that nothing in the answer can depend on whether it is.
      if (wrapperId !== undefined && !mayTouch(call.caller, wrapperId)) return unknownWrapper(wrapperId, call);
      return mounted(await handle(request, call), event);
    });
  return beating(name, route);
}

function callOf(event: APIGatewayProxyEvent): ApiCall {
  return { requestId: event.requestContext.requestId, now: systemClock.now(), caller: callerOf(event) };
}

/** A stage's name is part of the gateway's own address and not of the paths that routes know. */
function mounted(response: APIGatewayProxyResult, event: APIGatewayProxyEvent): APIGatewayProxyResult {
  const location = response.headers?.Location;
  const { path } = event.requestContext;
  if (typeof location !== 'string' || !path.endsWith(event.path)) return response;
  const mount = path.slice(0, path.length - event.path.length);
  return { ...response, headers: { ...response.headers, Location: `${mount}${location}` } };
}

function notFound(): never {
  throw new NotFoundError('Wrapper not found');
}

/** Messages of known errors are made for users; of any other nothing but its class may be told. */
function refusalOf(error: unknown): Refusal {
  if (error instanceof InvalidRequestError) return { status: 400, message: error.message, issues: error.issues };
  if (error instanceof ForbiddenError) {
    return { status: 403, message: `Forbidden - Insufficient permissions. ${error.message}` };
  }
  if (error instanceof NotFoundError) return { status: 404, message: error.message };
  if (error instanceof ConflictError) return { status: 409, message: error.message };
  logger.error('request failed', { error: error as Error });
  // middy's own: the function's time is up before whatever it waits for has answered.
  const isLate = error instanceof Error && error.name === 'TimeoutError';
  if (isLate || error instanceof RetryableError) return { status: 503, message: 'Service unavailable' };
  return { status: 500, message: 'Internal server error' };
}
