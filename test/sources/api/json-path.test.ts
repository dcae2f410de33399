import { expect, test } from '@jest/globals';
import type { JsonValue } from '../../../lambdas/domain/json.ts';
import { jsonPath } from '../../../lambdas/sources/api/json-path.ts';

const body: JsonValue = JSON.parse('{"a": [{"b": 1}, {"b": [2]}], "odd.name": {"c d": 3}, "__proto__": {"e": 4}}');

test.each([
  ['$', body],
  ['$.a[1].b[0]', 2],
  ['a[0].b', 1],
  [`$['odd.name']["c d"]`, 3],
  ['$.__proto__.e', 4],
  ['$.constructor', undefined],
  ['$.a.length', undefined],
  ['$.a[9].b', undefined],
  ['$.none.at.all', undefined],
])('%s leads to its value', (path, value) => {
  expect(jsonPath(path)?.value(body)).toEqual(value);
});

test('what follows [*] is taken from each item', () => {
  const path = jsonPath('$.a[*].b');
  expect(path?.value(body)).toEqual([{ b: 1 }, { b: [2] }]);
  expect(path?.item?.({ b: 5 })).toBe(5);
  expect(jsonPath('$.a[*]')?.item?.({ b: 5 })).toEqual({ b: 5 });
  expect(jsonPath('$.a')?.item).toBeUndefined();
});

test.each(['$..a', '$.a[', '$.a[*].b[*]', '$.a[-1]', '$.a[?(@.b)]', '$.', ''])('%s is no path', (path) => {
  expect(jsonPath(path)?.value(body)).toBeUndefined();
});
