import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ageText, agoText, uptimeText } from '../../../lambdas/domain/status/time-texts.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test.each([
  [0, '0s'],
  [45 * SECOND, '45s'],
  [MINUTE - 1, '59s'],
  [MINUTE, '1m0s'],
  [12 * MINUTE + 30 * SECOND, '12m30s'],
  [HOUR - 1, '59m59s'],
  [2 * HOUR + 30 * MINUTE + 59 * SECOND, '2h30m'],
  [3 * DAY + 4 * HOUR, '76h0m'],
  [-5 * SECOND, '0s'],
])('O-7: up for %i ms is %s', (ms, text) => {
  expect(uptimeText(ms)).toBe(text);
});

test.each([
  [0, '0s'],
  [45 * SECOND, '45s'],
  [MINUTE, '1m'],
  [12 * MINUTE + 59 * SECOND, '12m'],
  [7 * HOUR + 6 * MINUTE, '7h 6m'],
  [DAY - 1, '23h 59m'],
  [DAY, '1d 0h'],
  [3 * DAY + 4 * HOUR + 59 * MINUTE, '3d 4h'],
  [400 * DAY, '400d 0h'],
  [-5 * SECOND, '0s'],
])('O-7: %i ms old is %s', (ms, text) => {
  expect(ageText(ms)).toBe(text);
});

test.each([
  [15 * SECOND, '15s ago'],
  [2 * MINUTE, '2m ago'],
])('O-7: registered %i ms before is %s', (ms, text) => {
  expect(agoText(ms)).toBe(text);
});

/** What a text says, in milliseconds. */
function msIn(text: string): number {
  const units: Readonly<Record<string, number>> = { d: DAY, h: HOUR, m: MINUTE, s: SECOND };
  return [...text.matchAll(/(\d+)([dhms])/g)].reduce(
    (sum, [, n, unit]) => sum + Number(n) * Number(units[`${unit}`]),
    0,
  );
}

describe('O-7: whatever the duration', () => {
  const durations = fc.integer({ min: 0, max: 1000 * DAY });
  const formats = [
    [uptimeText, /^(\d+h([0-5]?\d)m|[1-5]?\dm[1-5]?\ds|[1-5]?\ds)$/],
    [ageText, /^(\d+d (1?\d|2[0-3])h|(1?\d|2[0-3])h [1-5]?\dm|[1-5]?\dm|[1-5]?\ds)$/],
  ] as const;

  test.each(formats)('%p keeps its form, and is no more than its smallest unit behind', (textOf, form) => {
    fc.assert(
      fc.property(durations, (ms) => {
        const text = textOf(ms);
        expect(text).toMatch(form);
        const smallest = msIn(`1${text.at(-1)}`);
        expect(msIn(text)).toBeLessThanOrEqual(ms);
        expect(ms - msIn(text)).toBeLessThan(smallest);
      }),
    );
  });
});
