import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { operator } from '../../../lambdas/contracts/operator.ts';
import type { ApiKey } from '../../../lambdas/domain/access/api-key.ts';
import { type Authenticate, authenticator } from '../../../lambdas/domain/access/authenticator.ts';
import { createKey, revokeKey } from '../../../lambdas/domain/access/manage-keys.ts';
import { requestAuthorizer } from '../../../lambdas/platform/access/request-authorizer.ts';
import { tokenOf } from '../../../lambdas/platform/access/token-of.ts';
import { requestHeaders } from '../../../lambdas/platform/request-headers.ts';
import { memoryKeys } from '../../support/memory-keys.ts';

const methodArn = 'arn:aws:execute-api:eu-west-1:123456789012:abc123/api/GET/resources/wrappers/a%2Fb';
const key = { keyId: 'k-1', scopes: ['wrappers:read', 'health:read'] } as unknown as ApiKey;
const noteUse = async () => undefined;
const resource = '/resources/wrappers/{wrapper_id}';
const authorize = requestAuthorizer({
  authenticate: async (token) => (token === 'right' ? key : undefined),
  noteUse,
  anonymousKey: 'nobody-in-particular',
});
const refused = new Error('Unauthorized');

test('a known key may call the whole API, counts under its id, and hands on its scopes', async () => {
  expect(await authorize({ headers: { Authorization: 'Bearer right' }, methodArn, resource })).toEqual({
    principalId: 'k-1',
    usageIdentifierKey: 'k-1',
    context: { key_id: 'k-1', scopes: 'wrappers:read health:read', wrapper_ids: '*' },
    policyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Action: 'execute-api:Invoke',
          Effect: 'Allow',
          Resource: 'arn:aws:execute-api:eu-west-1:123456789012:abc123/api/*',
        },
      ],
    },
  });
});

test.each([null, {}, { authorization: 'Bearer wrong' }, { 'x-api-key': 'wrong' }, { authorization: 'right' }])(
  '%j is answered by the one error that becomes a 401',
  async (headers) => {
    await expect(authorize({ headers, methodArn, resource })).rejects.toEqual(refused);
  },
);

test('a store that can not be read is no 401', async () => {
  const authenticate = async () => {
    throw new Error('the store is unavailable');
  };
  const failing = requestAuthorizer({ authenticate, noteUse, anonymousKey: 'nobody-in-particular' });
  const request = { headers: { 'x-api-key': 'right' }, methodArn, resource };
  await expect(failing(request)).rejects.toThrow('the store is unavailable');
});

test.each(['/api/health', '/api/health/ready'])(
  '%s answers whoever asks while no key can be looked up',
  async (route) => {
    const authenticate = async () => {
      throw new Error('the store is unavailable');
    };
    const failing = requestAuthorizer({ authenticate, noteUse, anonymousKey: 'nobody-in-particular' });
    const request = { headers: { 'x-api-key': 'right' }, methodArn, resource: route };
    expect(await failing(request)).toMatchObject({
      principalId: 'anonymous',
      usageIdentifierKey: 'nobody-in-particular',
    });
    await expect(failing({ ...request, resource: '/v1/health' })).rejects.toThrow('the store is unavailable');
  },
);

test('asks for what was known of a key before an outage where it is the outage that is asked about', async () => {
  const asked: unknown[] = [];
  const authenticate: Authenticate = async (_, options) => {
    asked.push(options?.inOutage);
    return key;
  };
  const ask = requestAuthorizer({ authenticate, noteUse, anonymousKey: 'nobody-in-particular' });
  for (const route of ['/api/health/status', '/api/keys', '/v1/health', resource])
    await ask({ headers: { 'x-api-key': 'right' }, methodArn, resource: route });
  expect(asked).toEqual([true, false, false, false]);
});

test('hands on the limits of a key', async () => {
  const limited = { ...key, wrapperIds: ['a', 'b'], expiresAt: 7 };
  const authenticate = async () => limited;
  const request = { headers: { 'x-api-key': 'right' }, methodArn, resource };
  const { context } = await requestAuthorizer({ authenticate, noteUse, anonymousKey: 'nobody' })(request);
  expect(context).toEqual({
    key_id: 'k-1',
    scopes: 'wrappers:read health:read',
    wrapper_ids: 'a b',
    expires_at: '7',
  });
});

test('a use that can not be noted does not refuse the request', async () => {
  const used: ApiKey[] = [];
  const failing = async (one: ApiKey) => {
    used.push(one);
    throw new Error('the store is unavailable');
  };
  const authenticate = async () => key;
  const request = { headers: { 'x-api-key': 'right' }, methodArn, resource };
  const answer = await requestAuthorizer({ authenticate, noteUse: failing, anonymousKey: 'nobody' })(request);
  expect([answer.principalId, used]).toEqual(['k-1', [key]]);
});

test.each<[Record<string, string[]>]>([
  [{ Authorization: ['Bearer wrong', 'Bearer right'] }],
  [{ Authorization: ['Bearer right', 'Bearer right'] }],
  [{ Authorization: ['Bearer wrong'], authorization: ['Bearer right'] }],
  [{ 'x-api-key': ['wrong', 'right'] }],
])('more keys than one are none: %j', async (multiValueHeaders) => {
  const headers = Object.fromEntries(Object.entries(multiValueHeaders).map(([name, all]) => [name, all.at(-1)]));
  for (const route of [resource, '/v1/health']) {
    await expect(authorize({ headers, multiValueHeaders, methodArn, resource: route })).rejects.toEqual(refused);
  }
});

test.each(['/api/keys', '/api/keys/{key_id}', '/api/keys/{key_id}/rotate'])(
  'a key that was revoked is no more at once for %s: whoever has stolen it makes no others',
  async (route) => {
    const { store, gateway } = memoryKeys();
    const deps = { keys: store, gateway, now: Date.now, randomBytes };
    const { key: stolen, token } = await createKey({ name: 'stolen', scopes: operator.scopes }, operator, deps);
    const ask = requestAuthorizer({ authenticate: authenticator(store, Date.now), noteUse, anonymousKey: 'nobody' });
    const request = { headers: { 'x-api-key': token }, methodArn };
    const { principalId } = await ask({ ...request, resource: route });
    await revokeKey(stolen.keyId, operator, deps);
    await expect(ask({ ...request, resource: route })).rejects.toEqual(refused);
    expect(principalId).toBe(stolen.keyId);
  },
);

describe('without a key', () => {
  test.each(['/v1/health', '/v1/health/{adapterId}', '/v1/records'])(
    '%s may be read, on a key for all',
    async (feed) => {
      for (const headers of [null, {}, { accept: 'application/json' }]) {
        expect(await authorize({ headers, methodArn, resource: feed })).toMatchObject({
          principalId: 'anonymous',
          usageIdentifierKey: 'nobody-in-particular',
          context: { key_id: 'anonymous', scopes: 'feeds:read', wrapper_ids: '' },
        });
      }
    },
  );

  test.each(['/api/health', '/api/health/ready'])(
    '%s may be asked, on a key for all, and nothing else',
    async (route) => {
      expect(await authorize({ headers: {}, methodArn, resource: route })).toMatchObject({
        usageIdentifierKey: 'nobody-in-particular',
        context: { key_id: 'anonymous', scopes: '', wrapper_ids: '' },
      });
      await expect(authorize({ headers: { 'x-api-key': 'wrong' }, methodArn, resource: route })).rejects.toEqual(
        refused,
      );
    },
  );

  test.each([
    { authorization: 'Bearer wrong' },
    { Authorization: 'Basic right' },
    { authorization: '' },
    { 'X-Api-Key': 'wrong' },
    { 'x-api-key': '' },
    { 'x-api-key': 'nobody-in-particular' },
  ])('a wrong one is still wrong: %j', async (headers) => {
    await expect(authorize({ headers, methodArn, resource: '/v1/health' })).rejects.toEqual(refused);
  });

  test.each(['/v1', '/v10/health', '/resources/v1/', '/api/keys', '/api/health/status', '/api/healthy'])(
    '%s stays closed',
    async (route) => {
      await expect(authorize({ headers: {}, methodArn, resource: route })).rejects.toEqual(refused);
    },
  );

  test('a right key is counted as its own', async () => {
    const request = { headers: { 'x-api-key': 'right' }, methodArn, resource: '/v1/health' };
    expect(await authorize(request)).toMatchObject({ usageIdentifierKey: 'k-1' });
  });
});

test.each<[Record<string, string>, string | undefined]>([
  [{ Authorization: 'Bearer abc' }, 'abc'],
  [{ authorization: 'Bearer abc' }, 'abc'],
  [{ 'X-Api-Key': 'abc' }, 'abc'],
  [{ Authorization: 'Bearer abc', 'x-api-key': 'other' }, 'abc'],
  [{ Authorization: 'bearer abc' }, undefined],
  [{ Authorization: 'Bearer  abc' }, ' abc'],
  [{ Authorization: 'BearerXabc' }, undefined],
  [{ Authorization: 'Basic abc', 'x-api-key': 'other' }, undefined],
  [{ Authorization: 'abc' }, undefined],
  [{ 'api-key': 'abc' }, undefined],
])('the token of %j is %j', (headers, token) => {
  expect(tokenOf(requestHeaders({ headers }))).toBe(token);
});
