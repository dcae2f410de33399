import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dueBetween, latestStart, notBeforeOf } from '../../../lambdas/domain/feeds/due-times.ts';
import type { FeedHealth } from '../../../lambdas/domain/feeds/feed-health.ts';
import { MORNING } from '../../support/manual-clock.ts';

type Known = Pick<FeedHealth, 'cycle' | 'consecutiveFailures' | 'notBefore'>;

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const schedule = { id: 'us-earthquakes', intervalSeconds: 60, deadlineSeconds: 30 };
const known: Known = { cycle: 1, consecutiveFailures: 0, notBefore: null };

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

  test('is polled at least every 12 minutes, or each interval where that is longer, whatever it asks for', () => {
    fc.assert(
      fc.property(anySchedule, fc.nat(99), fc.option(fc.integer({ min: 0, max: DAY })), (adapter, failures, retry) => {
        const failed = MORNING + 10 * MINUTE;
        const cycle = dueBetween(adapter, known, failed - DAY, failed) ?? 0;
        const notBefore = notBeforeOf(adapter, cycle, retry === null ? null : cycle + retry);
        const health = { ...known, cycle, consecutiveFailures: failures, notBefore };
        const next = [...Array(200).keys()]
          .map((minute) => dueBetween(adapter, health, cycle + minute * MINUTE, cycle + (minute + 1) * MINUTE))
          .find((due) => due !== null);
        expect((next ?? 0) - cycle).toBeLessThanOrEqual(Math.max(12 * MINUTE, adapter.intervalSeconds * 1000));
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
  const anyMorning = fc.integer({ min: 0, max: 7200 }).map((second) => MORNING + second * 1000);

  test.each([
    [60, 1],
    [300, 1],
    [3600, 1],
    [7187, 2],
  ])('is due soon, though its interval is %i s: within %i min', (intervalSeconds, minutes) => {
    fc.assert(
      fc.property(fc.string(), anyMorning, (id, from) => {
        const adapter = { id, intervalSeconds, deadlineSeconds: 45 };
        expect(dueBetween(adapter, null, from, from + minutes * MINUTE)).not.toBeNull();
      }),
    );
  });

  test('is polled again within its interval, and no poll of it can touch another', () => {
    fc.assert(
      fc.property(anySchedule, anyMorning, (adapter, from) => {
        const first = dueBetween(adapter, null, from - DAY, from) as number;
        // The first result may come late: by then polls were sent that knew of none.
        const nextOf = (health: Known | null) => {
          const steps = [...Array(adapter.intervalSeconds).keys()].map((second) => first + second * 1000);
          return steps.map((at) => dueBetween(adapter, health, at, at + 1000)).find((due) => due !== null) ?? 0;
        };
        const [unknown, byInterval] = [nextOf(null), nextOf({ ...known, cycle: first })];
        expect(byInterval - first).toBeLessThanOrEqual(adapter.intervalSeconds * 1000);
        for (const next of [unknown, byInterval]) {
          const end = latestStart(adapter, null, first) + adapter.deadlineSeconds * 1000;
          expect(end).toBeLessThanOrEqual(next);
        }
        if (unknown !== byInterval) {
          expect(latestStart(adapter, null, unknown) + adapter.deadlineSeconds * 1000).toBeLessThanOrEqual(byInterval);
        }
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
