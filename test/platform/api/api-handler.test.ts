import { describe, expect, test } from '@jest/globals';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { AdapterHealthRequest, UpdateWrapperRequest, WrapperRequest } from '../../../lambdas/contracts/requests.ts';
import { ConflictError, InvalidRequestError, NotFoundError, RetryableError } from '../../../lambdas/domain/errors.ts';
import { apiHandler } from '../../../lambdas/platform/api/api-handler.ts';
import { feedsFamily } from '../../../lambdas/platform/api/feeds-family.ts';
import { ok, respond } from '../../../lambdas/platform/api/responses.ts';

type Handler = ReturnType<typeof apiHandler>;

async function call(
  handler: Handler,
  event: Partial<APIGatewayProxyEvent> = {},
  scopes = 'wrappers:read wrappers:write',
) {
  const whole = {
    pathParameters: { wrapper_id: 'w-1' },
    body: null,
    requestContext: { requestId: 'r-1', authorizer: { scopes } },
    ...event,
  };
  const answer = await handler(whole as unknown as APIGatewayProxyEvent, {} as Context);
  const { statusCode, headers, body } = answer as APIGatewayProxyResult;
  return { statusCode, headers, body: JSON.parse(body) };
}

const failing = (error: unknown, options?: Parameters<typeof apiHandler>[3]) =>
  call(apiHandler('getWrapper', WrapperRequest, () => Promise.reject(error), options));

describe('a route', () => {
  test('answers what its function makes of the request', async () => {
    const handler = apiHandler('getWrapper', WrapperRequest, async ({ path }) => ok({ id: path.wrapper_id }));
    expect(await call(handler)).toEqual({
      statusCode: 200,
      headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' },
      body: { id: 'w-1' },
    });
  });

  test.each(['', 'wrappers:write', 'wrappers:read.all', 'xwrappers:read'])(
    'is closed to a key with the scopes "%s", before anything else is looked at',
    async (scopes) => {
      const handler = apiHandler('getWrapper', WrapperRequest, () => Promise.reject(new Error('reached')));
      const { statusCode, body } = await call(handler, { body: 'no JSON' }, scopes);
      expect(statusCode).toBe(403);
      expect(body.detail).toMatch(/^Forbidden - Insufficient permissions\..*wrappers:read/);
    },
  );

  test('tells every problem of a bad request', async () => {
    const handler = apiHandler('updateWrapper', UpdateWrapperRequest, async () => ok({}), {
      invalid: 'Invalid wrapper',
    });
    const { statusCode, body } = await call(handler, { body: '{"name": 7, "colour": 1}' });
    expect(statusCode).toBe(400);
    expect(body.detail).toMatch(/^Invalid wrapper: /);
    expect(body.errors.map(({ path }: { path: string }) => path)).toEqual(
      expect.arrayContaining(['name', 'source', 'destination', 'colour']),
    );
  });

  test.each([
    [new NotFoundError('Wrapper not found'), 404, { detail: 'Wrapper not found' }],
    [new ConflictError('Wrapper is executing'), 409, { detail: 'Wrapper is executing' }],
    [new InvalidRequestError('no'), 400, { detail: 'no', errors: [] }],
    [new RetryableError('table headgate-wrappers is throttled'), 503, { detail: 'Service unavailable' }],
    [new TypeError('password is undefined'), 500, { detail: 'Internal server error' }],
  ])('answers %p with %i, and gives nothing away', async (error, statusCode, body) => {
    expect(await failing(error)).toMatchObject({ statusCode, body });
  });

  test('may answer an error in its own way, and leaves the others to its family', async () => {
    const errors = (error: unknown) => (error instanceof NotFoundError ? respond(400, { detail: 'own' }) : undefined);
    expect(await failing(new NotFoundError('x'), { errors })).toMatchObject({
      statusCode: 400,
      body: { detail: 'own' },
    });
    expect(await failing(new ConflictError('x'), { errors })).toMatchObject({ statusCode: 409 });
  });
});

describe('a route of feeds', () => {
  const family = feedsFamily;
  const asked = { pathParameters: { adapterId: 'test-feed' }, queryStringParameters: null };
  const refused = (event: Partial<APIGatewayProxyEvent>, error: unknown, scopes = 'feeds:read') =>
    call(
      apiHandler('getAdapterHealth', AdapterHealthRequest, () => Promise.reject(error), { family }),
      { ...asked, ...event },
      scopes,
    );

  test.each([
    [new NotFoundError('Adapter not found'), 404, 'ADAPTER_NOT_FOUND', 'Adapter not found'],
    [new RetryableError('table headgate-feeds is throttled'), 503, 'SERVICE_UNAVAILABLE', 'Service unavailable'],
    [new TypeError('password is undefined'), 500, 'INTERNAL_ERROR', 'Internal server error'],
  ])('M-1, M-2: answers %p with %i %s, its _meta, and no-store', async (error, statusCode, code, message) => {
    expect(await refused({}, error)).toEqual({
      statusCode,
      headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' },
      body: {
        error: { code, message },
        _meta: { request_id: 'req_r-1', response_generated_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}Z$/) },
      },
    });
  });

  test('names a parameter that it does not have', async () => {
    const { statusCode, body } = await refused({ queryStringParameters: { colour: 'red' } }, new Error('reached'));
    expect(statusCode).toBe(400);
    expect(body.error).toEqual({ code: 'INVALID_PARAMETER', message: expect.stringContaining('colour') });
  });

  test('is closed to a key without its scope, in its own shape', async () => {
    const { statusCode, body } = await refused({}, new Error('reached'), 'wrappers:read');
    expect(statusCode).toBe(403);
    expect(Object.keys(body)).toEqual(['error', '_meta']);
    expect(body.error).toEqual({
      code: 'FORBIDDEN',
      message: expect.stringMatching(/^Forbidden - Insufficient permissions\..*feeds:read/),
    });
  });

  test('tells what handles it who asks, and when', async () => {
    const before = Date.now();
    const handler = apiHandler('getAdapterHealth', AdapterHealthRequest, async (_, known) => ok(known), { family });
    const { body } = await call(handler, asked, 'feeds:read');
    expect(body.requestId).toBe('r-1');
    expect(body.now).toBeGreaterThanOrEqual(before);
  });
});
