import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { digestOf } from '../../../lambdas/domain/feeds/digest-of.ts';

test('the order of members does not matter, that of lists does', () => {
  expect(digestOf({ a: 1, b: { c: [1, 2], d: null } })).toBe(digestOf({ b: { d: null, c: [1, 2] }, a: 1 }));
  expect(digestOf([1, 2])).not.toBe(digestOf([2, 1]));
});

test('values that differ have digests that do, whatever their members are called', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
      const same = JSON.stringify(one) === JSON.stringify(other);
      if (same) expect(digestOf(one)).toBe(digestOf(other));
    }),
  );
  const odd = ['__proto__', 'constructor', 'a'].map((name) => JSON.parse(`{"${name}": 1}`));
  expect(new Set([...odd, {}, null, '', 0, '0', []].map(digestOf)).size).toBe(9);
});
