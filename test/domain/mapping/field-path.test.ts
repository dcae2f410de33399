import { describe, expect, test } from '@jest/globals';
import { type JsonValue, parseJson } from '../../../lambdas/domain/json.ts';
import { parsePath, valueAt } from '../../../lambdas/domain/mapping/field-path.ts';

describe('a path', () => {
  test.each([
    ['id', ['id']],
    ['owner.login', ['owner', 'login']],
    ['tags[0].name', ['tags', 0, 'name']],
    ['[2][10]', [2, 10]],
    ['["a.b"].c', ['a.b', 'c']],
    ['a["]\\" x"]', ['a', ']" x']],
    ['Straße 1.größe', ['Straße 1', 'größe']],
    ['__proto__.x', ['__proto__', 'x']],
  ])('%s is read', (text, steps) => {
    expect(parsePath(text)).toEqual(steps);
  });

  test.each(['', '.a', 'a.', 'a..b', 'a[', 'a[]', 'a[-1]', 'a[b]', 'a]', 'a["b]', '["\\x"]', 'a[1]b'])(
    '"%s" is none',
    (text) => {
      expect(parsePath(text)).toBeUndefined();
    },
  );
});

describe('the value at a path', () => {
  const record = parseJson('{"a":{"b":[{"c":null},7]},"__proto__":{"x":1},"big":12345678901234567890,"1":"one"}');

  test.each<[string, JsonValue | undefined]>([
    ['a.b[1]', 7],
    ['a.b[0].c', null],
    ['a', { b: [{ c: null }, 7] }],
    ['__proto__.x', 1],
    ['["1"]', 'one'],
  ])('%s', (path, expected) => {
    expect(valueAt(record, parsePath(path) ?? [])).toEqual(expected);
  });

  test.each([
    'b',
    'a.b[2]',
    'a.b.length',
    'a.b[0].c.d',
    'a[0]',
    '[1]',
    'constructor',
    'a.toString',
    'big.rawJSON',
    'a.b.c',
  ])('%s leads nowhere', (path) => {
    expect(valueAt(record, parsePath(path) ?? [])).toBeUndefined();
  });
});
