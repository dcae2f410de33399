import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dueBetween, latestStart, notBeforeOf } from '../../../lambdas/domain/feeds/due-times.ts';
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

test('a failing feed is asked again within 15 minutes, though a tick is missed', () => {
  const anyAdapter = fc
    .tuple(fc.string({ minLength: 1 }), fc.integer({ min: 60, max: 720 }), fc.integer({ min: 5, max: 135 }))
    .map(([id, intervalSeconds, deadline]) =>
      testAdapter({ id, intervalSeconds, deadlineSeconds: Math.min(deadline, intervalSeconds - 15) }),
    );
  const retryAfter = fc.option(fc.integer({ min: 0, max: 60 * MINUTE }));
  fc.assert(
    fc.property(anyAdapter, fc.nat(20), retryAfter, fc.nat(14), fc.nat(MINUTE), (adapter, failures, wait, lost, at) => {
      const cycle = dueBetween(adapter, testHealth({ cycle: 1 }), 1, MORNING) ?? 0;
      const notBefore = notBeforeOf(adapter, cycle, wait === null ? null : cycle + wait);
      const health = testHealth({ adapterId: adapter.id, cycle, consecutiveFailures: failures, notBefore });
      // Ticks from just after the failure on, all but one.
      const ticks = [...Array(20).keys()]
        .filter((minute) => minute !== lost)
        .map((minute) => cycle + at + minute * MINUTE);
      let covered = cycle + at;
      for (const now of ticks) {
        const { polls, coveredUntil } = planTick([adapter], new Map([[adapter.id, health]]), covered, now);
        covered = coveredUntil;
        const [poll] = polls;
        if (poll === undefined) continue;
        expect(now + poll.delaySeconds * 1000 - cycle).toBeLessThanOrEqual(15 * MINUTE);
        expect(now + poll.delaySeconds * 1000).toBeLessThanOrEqual(latestStart(adapter, health, poll.due));
        return;
      }
      throw new Error('it is not asked again');
    }),
    { numRuns: 2000 },
  );
});

test('a heartbeat ahead of all clocks keeps nothing from being sent', () => {
  const wrong = MORNING + 365 * 24 * 60 * MINUTE;
  const { polls } = planTick(adapters, healths, wrong, MORNING);
  expect(new Set(polls.map(({ adapterId }) => adapterId))).toEqual(new Set(adapters.map(({ id }) => id)));
  // What was polled already is not polled again.
  const polled = new Map(polls.map(({ adapterId, due }) => [adapterId, testHealth({ adapterId, cycle: due })]));
  expect(planTick(adapters, polled, wrong, MORNING).polls).toEqual([]);
});

test('the first ticks of all send what is due from then on', () => {
  const first = planTick(adapters, new Map(), null, MORNING);
  expect(first.coveredUntil).toBe(MORNING + MINUTE);
  const second = planTick(adapters, new Map(), first.coveredUntil, first.coveredUntil);
  const sent = [...first.polls, ...second.polls];
  expect(new Set(sent.map(({ adapterId }) => adapterId))).toEqual(new Set(adapters.map(({ id }) => id)));
  expect(sent.filter(({ due }) => due <= MORNING)).toEqual([]);
});
