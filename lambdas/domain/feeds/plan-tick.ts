import type { Adapter } from './adapter.ts';
import { CLOCKS_DIFFER_MS } from './clocks-differ.ts';
import { dueBetween, madeUpFor } from './due-times.ts';
import type { FeedHealth } from './feed-health.ts';

/** A tick sends what is due until the next one. */
const TICK_MS = 60_000;

export type PlannedPoll = {
  readonly adapterId: string;
  /** Milliseconds since the epoch. */
  readonly due: number;
  readonly health: FeedHealth | null;
  /** Until it is due, in whole seconds: at most what is left of the minute, or the deadline of a poll. */
  readonly delaySeconds: number;
};

export type TickPlan = {
  readonly polls: readonly PlannedPoll[];
  /** Up to this instant everything is sent once the polls are. */
  readonly coveredUntil: number;
};

/**
 * What to send at `now`, when everything due until `covered` was sent already; null: nothing ever was. An adapter gets
 * one poll for all that it has missed, be it a second or a week, and one that is still ahead.
 */
export function planTick(
  adapters: readonly Adapter[],
  healths: ReadonlyMap<string, FeedHealth>,
  covered: number | null,
  now: number,
): TickPlan {
  const coveredUntil = now + TICK_MS;
  const from = believed(covered, now);
  const polls = adapters.flatMap((adapter) => {
    const health = healths.get(adapter.id) ?? null;
    const missed = dueBetween(adapter, health, from, now);
    const madeUp = missed === null ? null : madeUpFor(adapter, health, missed, now);
    const ahead = dueBetween(adapter, health, Math.max(from, now), coveredUntil);
    return [madeUp, ahead].flatMap((due) => {
      // Rounded up, so that no poll begins before it is due.
      const delaySeconds = Math.max(0, Math.ceil(((due ?? now) - now) / 1000));
      return due === null ? [] : [{ adapterId: adapter.id, due, health, delaySeconds }];
    });
  });
  return { polls, coveredUntil };
}

/** Where a tick goes on. A clock that was wrong must not keep it from sending: then all is due that was not polled. */
function believed(covered: number | null, now: number): number {
  if (covered === null) return now;
  return covered > now + TICK_MS + CLOCKS_DIFFER_MS ? 0 : covered;
}
