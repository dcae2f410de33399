import { expect, test } from '@jest/globals';
import { registeredAdapters } from '../../../lambdas/domain/feeds/registered-adapters.ts';
import { testAdapter } from '../../support/feeds/test-adapter.ts';

const all = [
  testAdapter({ id: 'open' }),
  testAdapter({ id: 'keyed', needsSecret: true }),
  testAdapter({ id: 'other', needsSecret: true }),
];

test('an adapter that needs a key is there only where it has been given one', () => {
  const { adapters, byId, secretNames, leftOut } = registeredAdapters(all, ['other=wsdot/key=1']);
  expect(adapters.map(({ id }) => id)).toEqual(['open', 'other']);
  expect([...byId.keys()]).toEqual(['open', 'other']);
  expect(secretNames.get('other')).toBe('wsdot/key=1');
  expect(leftOut).toEqual(['keyed']);
});
