import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dueBetween, latestStart, notBeforeOf } from '../../../lambdas/domain/feeds/due-times.ts';
import type { FeedHealth } from '../../../lambdas/domain/feeds/feed-health.ts';
import { MORNING } from '../../support/manual-clock.ts';

type Known = Pick<FeedHealth, 'revision' | 'cycle' | 'consecutiveFailures' | 'notBefore'>;

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const schedule = { id: 'us-earthquakes', intervalSeconds: 60, deadlineSeconds: 30 };
const known: Known = { revision: 7, cycle: 1, consecutiveFailures: 0, notBefore: null };

const anySchedule = fc
  .tuple(fc.string({ minLength: 1 }), fc.integer({ min: 60, max: 7200 }), fc.integer({ min: 1, max: 135 }))
  .map(([id, intervalSeconds, deadline]) => {
    return { id, intervalSeconds, deadlineSeconds: Math.min(deadline, intervalSeconds - 15) };
  });

/** Every instant at which it is due in the hours after the morning, as ticks of no length would see them. */
function dueTimes(adapter: typeof schedule, health: Known | null, hours = 4): number[] {
  const found: number[] = [];
  for (let after = MORNING; ; ) {
    const step = 10_000;
    const due = dueBetween(adapter, health, after, after + step);
    if (due !== null) found.push(due);
    after += step;
    if (after > MORNING + hours * 60 * MINUTE) return found;
  }
}

const gapsOf = (instants: readonly number[]) => instants.slice(1).map((due, index) => due - (instants[index] ?? 0));

describe('a feed that does well', () => {
  test('is due once per interval, to the second, and always at the same', () => {
    const due = dueTimes(schedule, known, 1);
    expect(due).toHaveLength(60);
    expect(new Set(gapsOf(due))).toEqual(new Set([MINUTE]));
    expect(due.every((instant) => instant % 1000 === 0)).toBe(true);
  });

  test('has a phase of its own: a thousand of the same interval are spread over it', () => {
    const ids = Array.from({ length: 1000 }, (_, index) => `feed-${index}`);
    const due = ids.map((id) => dueBetween({ ...schedule, id }, known, MORNING, MORNING + MINUTE) ?? 0);
    const perSecond = Map.groupBy(due, (instant) => instant);
    expect(perSecond.size).toBe(60);
    expect(Math.max(...[...perSecond.values()].map(({ length }) => length))).toBeLessThan(50);
  });

  test('that was not polled for long is due once, at the latest instant', () => {
    const due = dueBetween(schedule, known, MORNING - 7 * DAY, MORNING) ?? 0;
    expect(MORNING - due).toBeLessThan(MINUTE);
    expect(dueBetween(schedule, known, due, MORNING)).toBeNull();
  });

  test('is not due again for what was polled already', () => {
    const due = dueBetween(schedule, known, MORNING, MORNING + MINUTE) ?? 0;
    expect(dueBetween(schedule, { ...known, cycle: due }, MORNING, MORNING + MINUTE)).toBeNull();
  });
});

describe('a feed that fails', () => {
  test('is polled half as often with each failure, down to every eighth minute', () => {
    const gaps = [0, 1, 2, 3, 4, 50].map((consecutiveFailures) => {
      return gapsOf(dueTimes(schedule, { ...known, consecutiveFailures }, 1))[0];
    });
    expect(gaps).toEqual([1, 2, 4, 8, 8, 8].map((minutes) => minutes * MINUTE));
  });

  test('is polled at least every 14 minutes, or each interval where that is longer, whatever it asks for', () => {
    fc.assert(
      fc.property(anySchedule, fc.nat(99), fc.option(fc.integer({ min: 0, max: DAY })), (adapter, failures, retry) => {
        const failed = MORNING + 10 * MINUTE;
        const cycle = dueBetween(adapter, known, failed - DAY, failed) ?? 0;
        const notBefore = notBeforeOf(adapter, cycle, retry === null ? null : cycle + retry);
        const health = { ...known, cycle, consecutiveFailures: failures, notBefore };
        const next = [...Array(200).keys()]
          .map((minute) => dueBetween(adapter, health, cycle + minute * MINUTE, cycle + (minute + 1) * MINUTE))
          .find((due) => due !== null);
        expect((next ?? 0) - cycle).toBeLessThanOrEqual(Math.max(14 * MINUTE, adapter.intervalSeconds * 1000));
        expect((next ?? 0) - cycle).toBeGreaterThanOrEqual(adapter.intervalSeconds * 1000);
      }),
    );
  });

  test('is left alone for as long as it asks, and asked as soon as it may be', () => {
    const cycle = dueBetween(schedule, known, MORNING - MINUTE, MORNING) ?? 0;
    const notBefore = notBeforeOf(schedule, cycle, cycle + 5 * MINUTE + 1);
    const health = { ...known, cycle, consecutiveFailures: 3, notBefore };
    const [first] = dueTimes(schedule, health, 1).filter((due) => due > cycle);
    expect(first).toBe(cycle + 6 * MINUTE);
  });
});

describe('a feed of which nothing is known', () => {
  test('is due within a minute, however long its interval', () => {
    fc.assert(
      fc.property(anySchedule, (adapter) => {
        const due = dueBetween(
          { ...adapter, deadlineSeconds: Math.min(45, adapter.deadlineSeconds) },
          null,
          MORNING,
          MORNING + MINUTE,
        );
        expect(due).not.toBeNull();
      }),
    );
  });

  test('is not polled by its interval while a first poll may still be under way', () => {
    fc.assert(
      fc.property(anySchedule, fc.integer({ min: 0, max: 3600 }), (adapter, second) => {
        const period = Math.max(60, adapter.deadlineSeconds + 15) * 1000;
        const from = MORNING + second * 1000;
        const cycle = dueBetween(adapter, null, from, from + period) ?? 0;
        const health = { ...known, revision: 1, cycle };
        const next = dueBetween(adapter, health, cycle, cycle + DAY) as number;
        const all = [...Array(300).keys()].map((minute) => cycle + minute * MINUTE);
        const first = all.map((at) => dueBetween(adapter, health, at, at + MINUTE)).find((due) => due !== null);
        expect(next).toBeGreaterThan(cycle);
        // The other first poll is due a period later, and begins and ends within one more.
        expect(latestStart(adapter, null, cycle + period) + adapter.deadlineSeconds * 1000).toBeLessThanOrEqual(
          first ?? 0,
        );
      }),
    );
  });
});

test('a poll that begins at the last instant ends before the next is due', () => {
  fc.assert(
    fc.property(anySchedule, (adapter) => {
      const interval = adapter.intervalSeconds * 1000;
      const due = dueBetween(adapter, known, MORNING, MORNING + interval) ?? 0;
      const next = dueBetween(adapter, known, due, due + interval) ?? 0;
      expect(latestStart(adapter, known, due) + adapter.deadlineSeconds * 1000).toBe(next);
      expect(latestStart(adapter, known, due)).toBeGreaterThanOrEqual(due + 15_000);
    }),
  );
});
