import { describe, expect, test } from '@jest/globals';
import { guessType } from '../../../lambdas/domain/infer/column-type.ts';
import { guessKey } from '../../../lambdas/domain/infer/key.ts';
import { guessTimeFormat } from '../../../lambdas/domain/infer/time-format.ts';

const typeOf = (values: readonly string[], name = 'value') => guessType(name, values, {}).type;

describe('types', () => {
  test.each([
    ['integer', ['1', '-20', '12345678901234567890']],
    ['number', ['1', '0.5']],
    ['boolean', ['true', 'FALSE']],
    ['timestamp', ['2026-03-03T10:35:22Z', '2026-03-04']],
    ['string', ['1', 'a']],
    ['string', ['06090', '75001']],
    ['string', ['1e5', '2e5']],
    ['string', ['yes', 'no']],
    ['string', []],
  ])('%s for %j', (type, values) => {
    expect(typeOf(values)).toBe(type);
  });

  test('digits that are no number by their name stay text', () => {
    expect(typeOf(['2095257564'], 'Contact Phone Number')).toBe('string');
    expect(typeOf(['2095257564'], 'population')).toBe('integer');
  });

  test('the more values, the surer', () => {
    const sure = (count: number) => guessType('n', new Array(count).fill('1'), {}).confidence;
    expect([sure(1), sure(3), sure(10), sure(50)]).toEqual([0.6, 0.8, 0.9, 0.98]);
  });
});

describe('times', () => {
  test.each([
    ['iso', ['2026-03-03 10:35', '2026-12-31 00:00']],
    ['dd.MM.yyyy HH:mm', ['31.12.2026 08:00', '01.02.2026 09:30']],
    ['d/M/yyyy', ['1/2/2026', '13/2/2026']],
    ['M/d/yyyy', ['1/2/2026', '2/13/2026']],
    ['dd/MM/yy', ['01/02/26', '13/02/26']],
  ])('%s for %j', (format, values) => {
    expect(guessTimeFormat('at', values)?.format).toBe(format);
  });

  test('day and month that may be swapped are no time', () => {
    expect(guessTimeFormat('at', ['01/02/2026', '03/04/2026'])).toBeUndefined();
  });

  test('seconds and milliseconds only under a name that says so', () => {
    expect(guessTimeFormat('observed_at', ['1767225600'])?.format).toBe('epoch_s');
    expect(guessTimeFormat('createdTime', ['1767225600000'])?.format).toBe('epoch_ms');
    expect(guessTimeFormat('visitors', ['1767225600'])).toBeUndefined();
    expect(guessTimeFormat('observed_at', ['12'])).toBeUndefined();
  });
});

describe('keys', () => {
  const rows = (count: number) => Array.from({ length: count }, (_, row) => [String(row), `x${row}`, 'same']);
  const keyOf = (names: readonly string[], count: number, isWhole: boolean) =>
    guessKey(names, rows(count), isWhole)?.value;

  test('are columns that are named so and have a value of its own in every row', () => {
    expect(keyOf(['a', 'station_id', 'c'], 2, true)).toEqual(['station_id']);
    expect(keyOf(['a', 'b', 'station_id'], 2, true)).toBeUndefined();
  });

  test('have another name only where enough rows, and all of them, were seen', () => {
    expect(keyOf(['a', 'b', 'c'], 9, true)).toBeUndefined();
    expect(keyOf(['a', 'b', 'c'], 10, true)).toEqual(['a']);
    expect(keyOf(['a', 'b', 'c'], 100, false)).toBeUndefined();
  });

  test('of a file that was not seen whole take many rows', () => {
    expect(keyOf(['id', 'b', 'c'], 49, false)).toBeUndefined();
    expect(keyOf(['id', 'b', 'c'], 50, false)).toEqual(['id']);
  });

  test('are never missing', () => {
    expect(guessKey(['id'], [['1'], [''], ['2']], true)).toBeUndefined();
  });
});
