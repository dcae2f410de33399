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
    '-0',
    '-0.00',
    '-0e1',
    '100000000000000000000000000000001',
  ])('keeps every digit of %s', (text) => {
    const value = parseJson(`{"n":[${text}]}`) as { n: unknown[] };
    expect(isExactNumber(value.n[0])).toBe(true);
    expect(JSON.stringify(value)).toBe(`{"n":[${text}]}`);
  });

  test.each(['0', '-0.5', '1.10', '1000000000000000000000', '9007199254740992', '1e3', '0.30000000000000004', '1e-7'])(
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

  test.each(['-0', ' -0 ', '[-0]', '[1,-0]', '{"n": -0\n}'])('keeps the sign of zero in %j', (text) => {
    expect(JSON.stringify(parseJson(text))).toBe(text.replace(/\s/g, ''));
  });

  test.each([`1${'0'.repeat(300_000)}1`, `0.${'0'.repeat(300_000)}1`, `1e${'0'.repeat(300_000)}1`])(
    'refuses a number of 300,000 digits at once',
    (text) => {
      const began = performance.now();
      expect(() => parseJson(`[${text}]`)).toThrow(new SyntaxError('a number has more than 1000 characters'));
      expect(performance.now() - began).toBeLessThan(2000);
    },
  );

  test('takes a number of 1,000 characters, digit for digit', () => {
    const text = `1${'0'.repeat(998)}1`;
    expect(JSON.stringify(parseJson(text))).toBe(text);
    expect(() => parseJson(`${text}0`)).toThrow(SyntaxError);
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
  expect(JSON.stringify(exactNumber('-0'))).toBe('-0');
  expect(exactNumber('0.0')).toBe(0);
});
