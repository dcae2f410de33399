import { expect, test } from '@jest/globals';
import { recentConditions } from '../../../lambdas/domain/status/recent-conditions.ts';
import { MORNING } from '../../support/manual-clock.ts';

test('what was noted is told once, for three minutes after the last time', () => {
  let now = MORNING;
  const conditions = recentConditions(() => now);
  expect(conditions.list()).toEqual([]);
  conditions.note('LeaseLost');
  now += 100_000;
  conditions.note('LeaseLost');
  conditions.note('QueueBacklog');
  expect(conditions.list()).toEqual(['LeaseLost', 'QueueBacklog']);
  now += 179_999;
  expect(conditions.list()).toEqual(['LeaseLost', 'QueueBacklog']);
  now += 1;
  expect(conditions.list()).toEqual([]);
});
