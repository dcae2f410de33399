import type { Adapter } from './adapter.ts';
import { dueBetween, latestStart } from './due-times.ts';
import type { FeedHealth } from './feed-health.ts';

/** A tick sends what is due until the next one. */
const TICK_MS = 60_000;

export type PlannedPoll = {
  readonly adapterId: string;
  /** Milliseconds since the epoch. */
  readonly due: number;
  readonly health: FeedHealth | null;
  /** From 0 to 60. */
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
  const from = covered ?? now;
  const polls = adapters.flatMap((adapter) => {
    const health = healths.get(adapter.id) ?? null;
    const missed = dueBetween(adapter, health, from, now);
    const ahead = dueBetween(adapter, health, Math.max(from, now), coveredUntil);
    return [missed, ahead].flatMap((due) => {
      // Too late for this one: the next is due within less than the deadline of a poll.
      if (due === null || latestStart(adapter, health, due) < now) return [];
      // Rounded up, so that no poll begins before it is due.
      return [{ adapterId: adapter.id, due, health, delaySeconds: Math.max(0, Math.ceil((due - now) / 1000)) }];
    });
  });
  return { polls, coveredUntil };
}
