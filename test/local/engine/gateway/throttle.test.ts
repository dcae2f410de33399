import { expect, test } from '@jest/globals';
import { quotaCounter, tokenBucket } from '../../../../local/engine/gateway/throttle.ts';

test('a bucket gives its burst at once and then its rate, and never more than its burst', () => {
  let now = 0;
  const take = tokenBucket({ burst: 2, rate: 10 }, () => now);
  const takeAll = (): number => [1, 2, 3, 4, 5].filter(() => take()).length;
  expect(takeAll()).toBe(2);
  now += 100;
  expect(takeAll()).toBe(1);
  now += 3_600_000;
  expect(takeAll()).toBe(2);
});

test.each([
  ['DAY', '2026-03-01T23:59:59Z', '2026-03-02T00:00:00Z'],
  ['WEEK', '2026-03-07T23:59:59Z', '2026-03-08T00:00:00Z'],
  ['MONTH', '2026-03-31T23:59:59Z', '2026-04-01T00:00:00Z'],
] as const)('a quota per %s starts over with the next one', (Period, last, first) => {
  let now = Date.parse(last);
  const count = quotaCounter({ Limit: 2, Period }, () => now);
  expect([count(), count(), count()]).toEqual([true, true, false]);
  now = Date.parse(first);
  expect(count()).toBe(true);
});
