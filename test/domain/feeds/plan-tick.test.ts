import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { FeedHealth } from '../../../lambdas/domain/feeds/feed-health.ts';
import { planTick } from '../../../lambdas/domain/feeds/plan-tick.ts';
import { testAdapter } from '../../support/feeds/test-adapter.ts';
import { testHealth } from '../../support/feeds/test-health.ts';
import { MORNING } from '../../support/manual-clock.ts';

const MINUTE = 60_000;
const adapters = [60, 90, 300, 3600].map((intervalSeconds) =>
  testAdapter({ id: `every-${intervalSeconds}`, intervalSeconds, deadlineSeconds: 45 }),
);
const healths = new Map<string, FeedHealth>(adapters.map(({ id }) => [id, testHealth({ adapterId: id, cycle: 1 })]));

/** What ticks at these instants send, for each adapter. */
function sentBy(ticks: readonly number[], covered: number): Map<string, number[]> {
  const sent = new Map(adapters.map(({ id }) => [id, [] as number[]]));
  let until = covered;
  for (const now of ticks) {
    const { polls, coveredUntil } = planTick(adapters, healths, until, now);
    for (const { adapterId, due } of polls) sent.get(adapterId)?.push(due);
    until = coveredUntil;
  }
  return sent;
}

test('each due instant is sent once, however the ticks drift', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 14_000 }), { minLength: 70, maxLength: 70 }), (drifts) => {
      const ticks = drifts.map((drift, minute) => MORNING + minute * MINUTE + drift);
      const sent = sentBy(ticks, MORNING);
      for (const { id, intervalSeconds } of adapters) {
        const due = sent.get(id) ?? [];
        const gaps = due.slice(1).map((instant, index) => instant - (due[index] ?? 0));
        expect(new Set(gaps)).toEqual(new Set(gaps.length > 0 ? [intervalSeconds * 1000] : []));
        expect(due.length).toBeGreaterThanOrEqual(Math.floor((69 * 60) / intervalSeconds));
      }
    }),
  );
});

test('nothing is sent before it is due, nor more than a minute ahead', () => {
  const { polls } = planTick(adapters, healths, MORNING, MORNING + 777);
  for (const { due, delaySeconds } of polls) {
    expect(MORNING + 777 + delaySeconds * 1000).toBeGreaterThanOrEqual(due);
    expect(delaySeconds).toBeLessThanOrEqual(60);
  }
  expect(polls.length).toBeGreaterThan(0);
});

test('ticks that were missed for a week are made up for once', () => {
  const sent = sentBy([MORNING], MORNING - 7 * 24 * 60 * MINUTE);
  for (const due of sent.values()) expect(due.filter((instant) => instant <= MORNING).length).toBeLessThanOrEqual(1);
  expect(sent.get('every-3600')?.length).toBe(1);
});

test('a poll that could not end before the next is due is left to that one', () => {
  for (let second = 0; second < 300; second += 1) {
    const now = MORNING + second * 1000;
    const missed = planTick(adapters, healths, now - 10 * MINUTE, now).polls.filter(({ due }) => due < now);
    for (const { adapterId, due } of missed) {
      const { intervalSeconds = 0, deadlineSeconds = 0 } = adapters.find(({ id }) => id === adapterId) ?? {};
      expect(now + deadlineSeconds * 1000).toBeLessThanOrEqual(due + intervalSeconds * 1000);
    }
  }
});

test('the first tick of all sends what is due from then on', () => {
  const { polls, coveredUntil } = planTick(adapters, new Map(), null, MORNING);
  expect(polls.map(({ adapterId }) => adapterId)).toEqual(adapters.map(({ id }) => id));
  expect(coveredUntil).toBe(MORNING + MINUTE);
});
