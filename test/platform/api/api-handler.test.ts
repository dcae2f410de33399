import { describe, expect, test } from '@jest/globals';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { AdapterHealthRequest, UpdateWrapperRequest, WrapperRequest } from '../../../lambdas/contracts/requests.ts';
import {
  ConflictError,
  ForbiddenError,
  InvalidRequestError,
  NotFoundError,
  RetryableError,
} from '../../../lambdas/domain/errors.ts';
import { apiHandler } from '../../../lambdas/platform/api/api-handler.ts';
import { feedsFamily } from '../../../lambdas/platform/api/feeds-family.ts';
import { ok, respond } from '../../../lambdas/platform/api/responses.ts';
import { systemFamily } from '../../../lambdas/platform/api/system-family.ts';

type Handler = ReturnType<typeof apiHandler>;

async function call(
  handler: Handler,
  event: Partial<APIGatewayProxyEvent> = {},
  scopes = 'wrappers:read wrappers:write',
  wrapperIds = '*',
) {
  const whole = {
    pathParameters: { wrapper_id: 'w-1' },
    body: null,
    requestContext: { requestId: 'r-1', authorizer: { scopes, wrapper_ids: wrapperIds } },
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

describe('for a key that is limited to given wrappers, a route', () => {
  const reached = apiHandler('getWrapper', WrapperRequest, async () => ok('reached'));

  test('knows those, and no other', async () => {
    expect(await call(reached, {}, 'wrappers:read', 'w-1 w-2')).toMatchObject({ statusCode: 200, body: 'reached' });
    const foreign = await call(reached, {}, 'wrappers:read', 'w-2 w-11');
    expect(foreign).toMatchObject({ statusCode: 404, body: { detail: 'Wrapper not found' } });
  });

  test.each([undefined, ''])('knows none when the authorizer says %j of them', async (wrapperIds) => {
    const event = {
      requestContext: { requestId: 'r-1', authorizer: { scopes: 'wrappers:read', wrapper_ids: wrapperIds } },
    };
    expect(await call(reached, event as unknown as APIGatewayProxyEvent)).toMatchObject({ statusCode: 404 });
  });

  test('answers as it answers for one that is not there', async () => {
    const unknownWrapper = (wrapperId: string) => ok({ unknown: wrapperId });
    const own = apiHandler('getWrapper', WrapperRequest, async () => ok('reached'), { unknownWrapper });
    expect((await call(own, {}, 'wrappers:read', 'w-2')).body).toEqual({ unknown: 'w-1' });
    const errors = () => respond(400, { detail: 'own' });
    const failing = apiHandler('getWrapper', WrapperRequest, async () => ok('reached'), { errors });
    expect((await call(failing, {}, 'wrappers:read', 'w-2')).body).toEqual({ detail: 'own' });
  });

  test('may be closed, whatever its scopes', async () => {
    const closed = apiHandler('getWrapper', WrapperRequest, async () => ok('reached'), { forAllWrappers: true });
    expect(await call(closed, {}, 'wrappers:read', 'w-1')).toMatchObject({
      statusCode: 403,
      body: { detail: 'Forbidden - Insufficient permissions. This key is limited to given wrappers.' },
    });
    expect(await call(closed)).toMatchObject({ statusCode: 200 });
  });
});

describe('a route of the system', () => {
  const family = systemFamily;

  test.each([
    [new NotFoundError('Key not found'), 404, { error: 'Key not found', code: 404 }],
    [
      new InvalidRequestError('Invalid key: a: b', [
        { path: 'a', message: 'b' },
        { path: 'c', message: 'd' },
      ]),
      400,
      { error: 'Invalid key: a: b', details: 'a: b\nc: d', code: 400 },
    ],
    [new ForbiddenError('No.'), 403, { error: 'Forbidden - Insufficient permissions. No.', code: 403 }],
    [new RetryableError('table headgate-keys is throttled'), 503, { error: 'Service unavailable', code: 503 }],
    [new TypeError('password is undefined'), 500, { error: 'Internal server error', code: 500 }],
  ])('answers %p with %i, and leaves out what there is not', async (error, statusCode, body) => {
    const answer = await failing(error, { family });
    expect([answer.statusCode, answer.body]).toEqual([statusCode, body]);
    expect(answer.headers).toMatchObject({ 'Cache-Control': 'no-store' });
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
