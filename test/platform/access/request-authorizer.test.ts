import { expect, test } from '@jest/globals';
import type { ApiKey } from '../../../lambdas/domain/access/api-key.ts';
import { requestAuthorizer } from '../../../lambdas/platform/access/request-authorizer.ts';
import { tokenOf } from '../../../lambdas/platform/access/token-of.ts';

const methodArn = 'arn:aws:execute-api:eu-west-1:123456789012:abc123/api/GET/resources/wrappers/a%2Fb';
const key = { keyId: 'k-1', scopes: ['wrappers:read', 'health:read'] } as unknown as ApiKey;
const authorize = requestAuthorizer(async (token) => (token === 'right' ? key : undefined));

test('a known key may call the whole API, counts under its id, and hands on its scopes', async () => {
  expect(await authorize({ headers: { Authorization: 'Bearer right' }, methodArn })).toEqual({
    principalId: 'k-1',
    usageIdentifierKey: 'k-1',
    context: { key_id: 'k-1', scopes: 'wrappers:read health:read' },
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
    await expect(authorize({ headers, methodArn })).rejects.toEqual(new Error('Unauthorized'));
  },
);

test('a store that can not be read is no 401', async () => {
  const failing = requestAuthorizer(async () => {
    throw new Error('the store is unavailable');
  });
  await expect(failing({ headers: { 'x-api-key': 'right' }, methodArn })).rejects.toThrow('the store is unavailable');
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
  expect(tokenOf(headers)).toBe(token);
});
