import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { integerParser, numberParser } from '../../../lambdas/domain/mapping/number-parser.ts';

describe('numbers', () => {
  test.each([
    ['0', '0'],
    [' 12 ', '12'],
    ['-1.50', '-1.50'],
    ['+7', '7'],
    ['007', '7'],
    ['-0', '-0'],
    ['.5', '0.5'],
    ['-.5', '-0.5'],
    ['5.', '5'],
    ['1e5', '1e5'],
    ['1E-400', '1E-400'],
    ['12345678901234567890.123456789', '12345678901234567890.123456789'],
    ['00.10', '0.10'],
  ])('%j is %s', (text, json) => {
    expect(numberParser({})(text)).toBe(json);
  });

  test.each(['', ' ', '-', '.', 'abc', '1,5', '1 2', '0x10', '1e', 'NaN', 'Infinity', '1e999', '--1', '1.2.3', '5%'])(
    '%j is none',
    (text) => {
      expect(numberParser({})(text)).toBeUndefined();
    },
  );

  test('never lose a digit: what is not JSON already becomes JSON of the same digits', () => {
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(digits, digits, fc.constantFrom('', '-', '+'), (whole, fraction, sign) => {
        const json = numberParser({ decimal: ',' })(`${sign}${whole},${fraction}`) as string;
        expect(json).toBe(`${sign === '-' ? '-' : ''}${whole.replace(/^0+(?=\d)/, '')}.${fraction}`);
        expect(JSON.parse(json)).toBe(Number(`${sign}${whole}.${fraction}`));
      }),
    );
  });
});

describe('marks', () => {
  test.each([
    [{ decimal: ',', thousands: '.' }, '1.234.567,89', '1234567.89'],
    [{ thousands: '.' }, '1.234,5', '1234.5'],
    [{ thousands: ',' }, '12,34,567.5', '1234567.5'],
    [{ thousands: ',' }, '1234567', '1234567'],
    [{ thousands: ' ', decimal: ',' }, '1\u202f234\u00a0567,5', '1234567.5'],
    [{ thousands: "'" }, "-1'000", '-1000'],
  ])('%j: %s', (style, text, json) => {
    expect(numberParser(style)(text)).toBe(json);
  });

  test.each([
    [{ thousands: '.' }, '1.5'],
    [{ thousands: '.' }, '1.23'],
    [{ thousands: ',' }, '1,2345'],
    [{ thousands: ',' }, ',123'],
    [{ thousands: ',' }, '1,,234'],
    [{ decimal: ',' }, '1.5'],
  ])('%j: a mark out of place is no number: %s', (style, text) => {
    expect(numberParser(style)(text)).toBeUndefined();
  });

  test('that can’t be told apart are refused', () => {
    expect(() => numberParser({ decimal: '.', thousands: '.' })).toThrow(
      'Invalid wrapper configuration: source.options.thousands: must differ from decimal',
    );
    expect(() => numberParser({ decimal: '-' })).toThrow('source.options.decimal: "-" is part of a number');
  });
});

test.each([
  ['12', '12'],
  ['-3.00', '-3'],
  ['9007199254740993', '9007199254740993'],
  ['1.5', undefined],
  ['1e3', undefined],
])('integer: %s is %s', (text, json) => {
  expect(integerParser({})(text)).toBe(json);
});
