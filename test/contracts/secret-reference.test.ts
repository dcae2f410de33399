import { expect, test } from '@jest/globals';
import { SecretReference } from '../../lambdas/contracts/secret-reference.ts';

const isGood = (value: unknown) => SecretReference.safeParse(value).success;

test.each(['token', 'crm-secret', 'team/crm_token', 'a', 'x'.repeat(256)])('%s names a secret', (secret) => {
  expect(isGood({ secret })).toBe(true);
});

test.each(['', 'two words', 'a*', 'x'.repeat(257), 'line\n', 7, null])('%j does not', (secret) => {
  expect(isGood({ secret })).toBe(false);
});

test('nothing else may stand beside the name', () => {
  expect(isGood({ secret: 'token', value: 'abc' })).toBe(false);
});
