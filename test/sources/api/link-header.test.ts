import { expect, test } from '@jest/globals';
import { nextLink } from '../../../lambdas/sources/api/link-header.ts';

test.each([
  ['<https://a.example/?page=2>; rel="next"', 'https://a.example/?page=2'],
  ['<?page=1>; rel=first, <?page=2>; rel=next', '?page=2'],
  ['</a,b;c>; title="x, y; rel=prev"; rel="last next"', '/a,b;c'],
  ['<?page=2> ; REL = "NEXT"', '?page=2'],
  ['<?page=1>; rel="prev"', undefined],
  ['<?page=1>; rel="next-archive"', undefined],
  ['nonsense', undefined],
  [undefined, undefined],
])('%s', (header, target) => {
  expect(nextLink(header)).toBe(target);
});

test('a header made to be slow is not', () => {
  const began = performance.now();
  nextLink(`<a>${'; a '.repeat(8000)}${' '.repeat(8000)}`);
  expect(performance.now() - began).toBeLessThan(500);
});
