import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { exactNumber, isExactNumber, parseJson } from '../../lambdas/domain/json.ts';

describe('parseJson', () => {
  test.each([
    '9007199254740993',
    '-12345678901234567890',
    '0.1234567890123456789',
    '123456789.12345678901',
    '1e999',
    '1e-999',
    '100000000000000000000000000000001',
  ])('keeps every digit of %s', (text) => {
    const value = parseJson(`{"n":[${text}]}`) as { n: unknown[] };
    expect(isExactNumber(value.n[0])).toBe(true);
    expect(JSON.stringify(value)).toBe(`{"n":[${text}]}`);
  });

  test.each(['0', '-0', '1.10', '1000000000000000000000', '9007199254740992', '1e3', '0.30000000000000004', '1e-7'])(
    'makes a plain number of %s, which a float holds',
    (text) => {
      expect(parseJson(`[${text}, 12345678901234567890]`)).toEqual([Number(text), expect.anything()]);
    },
  );

  test('leaves text and keys as they are', () => {
    const text = '{"__proto__":{"rawJSON":"12345678901234567890"},"a.b":null}';
    const value = parseJson(text);
    expect(JSON.stringify(value)).toBe(text);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.values(value as object).some(isExactNumber)).toBe(false);
  });

  test('says what other JSON says', () => {
    fc.assert(
      fc.property(fc.jsonValue({ depthSize: 'small' }), (value) => {
        const text = JSON.stringify([value, 0]);
        expect(JSON.stringify(parseJson(text))).toBe(text);
        expect(parseJson(text.replace(/\]$/, ',1e999]'))).toEqual([...JSON.parse(text), expect.anything()]);
      }),
    );
  });

  test('refuses what is not JSON', () => {
    expect(() => parseJson('{"n": 12345678901234567890')).toThrow(SyntaxError);
    expect(() => parseJson('NaN')).toThrow(SyntaxError);
  });
});

test('exactNumber keeps the text only where it must', () => {
  expect(exactNumber('12.5')).toBe(12.5);
  expect(exactNumber('0.10000000000000000')).toBe(0.1);
  expect(JSON.stringify(exactNumber('12345678901234567890.5'))).toBe('12345678901234567890.5');
  expect(JSON.stringify(exactNumber('1e999'))).toBe('1e999');
});
