import { createHash } from 'node:crypto';
import type { Adapter } from './adapter.ts';
import type { FeedHealth } from './feed-health.ts';

/* When feeds are polled is computed, not stored: nothing has to be written for a poll to be due. */

/**
 * However badly a feed does, it is asked again after so long. Though a tick be missed then, its recovery shows within a
 * quarter of an hour (test/domain/feeds/plan-tick.test.ts).
 */
const LONGEST_PAUSE_MS = 12 * 60_000;
/** Between two polls of an adapter: what is still being written when a deadline is over has ended by then. */
const MARGIN_MS = 15_000;
const FIRST_PERIOD_MS = 60_000;

type Schedule = Pick<Adapter, 'id' | 'intervalSeconds' | 'deadlineSeconds'>;
type Known = Pick<FeedHealth, 'cycle' | 'consecutiveFailures' | 'notBefore'> | null;

/**
 * The latest instant after `after` and up to `until` at which the adapter is due; null if there is none. However long
 * the time between the two, one poll makes up for all that were missed in it.
 *
 * Due are the multiples of its interval, shifted by a phase of the adapter's own, so that a thousand adapters of the same
 * interval are not polled in the same second. While polls fail, only each second, fourth, eighth… is kept. While nothing
 * is known of a feed, it is due between them as well: the first result that comes is followed by those of the interval.
 */
export function dueBetween(adapter: Schedule, health: Known, after: number, until: number): number | null {
  if (health === null) {
    const first = latestOfFirst(adapter, until);
    return first > after ? first : null;
  }
  const { cycle, notBefore } = health;
  const interval = adapter.intervalSeconds * 1000;
  const kept = latestMultiple(adapter, pauseOf(adapter, health), until);
  const asSoonAsAsked = notBefore === null ? 0 : latestMultiple(adapter, interval, notBefore - 1) + interval;
  const earliest = Math.max(after + 1, cycle + 1, notBefore ?? 0);
  const isDue = [kept, asSoonAsAsked].some((due) => due >= earliest && due <= until);
  // What was missed is made up for at the latest of all instants, which may still be to come.
  return isDue ? latestMultiple(adapter, interval, until) : null;
}

/**
 * When a poll is made up for that was due and is to begin now at the earliest. When it could not end any more before the
 * next is due, it is left to that one: null if that comes by itself.
 */
export function madeUpFor(adapter: Schedule, health: Known, due: number, now: number): number | null {
  if (latestStart(adapter, health, due) >= now) return due;
  const next = due + adapter.intervalSeconds * 1000;
  return health === null || dueBetween(adapter, health, due, next) !== null ? null : next;
}

/** The last instant at which a poll may begin, so that it has ended before the adapter is due again. */
export function latestStart(adapter: Schedule, health: Known, due: number): number {
  return due + periodOf(adapter, health) - adapter.deadlineSeconds * 1000;
}

/**
 * Until when an adapter is left alone that was asked to come back at `retryAt`; null: no longer than it is anyway. An
 * hour is not heeded: whoever asks for it is asked again within the longest pause.
 */
export function notBeforeOf(adapter: Schedule, due: number, retryAt: number | null): number | null {
  const longest = due + LONGEST_PAUSE_MS - adapter.intervalSeconds * 1000;
  return retryAt === null || longest <= due ? null : Math.min(retryAt, longest);
}

/** The shortest time to the next poll. */
function periodOf(adapter: Schedule, health: Known): number {
  return health === null ? firstPeriodOf(adapter) : adapter.intervalSeconds * 1000;
}

/** A feed of which nothing is known is not left waiting for its interval, but for as small a share of it as there can be. */
function firstPeriodOf({ intervalSeconds, deadlineSeconds }: Schedule): number {
  const shortest = Math.max(FIRST_PERIOD_MS, deadlineSeconds * 1000 + MARGIN_MS);
  const shares = Math.floor((intervalSeconds * 1000) / shortest);
  return Math.floor(intervalSeconds / shares) * 1000;
}

/** The multiples of the interval, and from each on as many of the first period as fit before the next. */
function latestOfFirst(adapter: Schedule, until: number): number {
  const interval = adapter.intervalSeconds * 1000;
  const period = firstPeriodOf(adapter);
  const multiple = latestMultiple(adapter, interval, until);
  const passed = Math.min(Math.floor((until - multiple) / period), Math.floor(interval / period) - 1);
  return multiple + passed * period;
}

function latestMultiple(adapter: Schedule, period: number, until: number): number {
  const phase = phaseOf(adapter);
  return Math.floor((until - phase) / period) * period + phase;
}

/** Twice as long with each failure, as long as it stays within the longest pause. */
function pauseOf({ intervalSeconds }: Schedule, { consecutiveFailures }: NonNullable<Known>): number {
  let pause = intervalSeconds * 1000;
  for (let failures = consecutiveFailures; failures > 0 && pause * 2 <= LONGEST_PAUSE_MS; failures -= 1) pause *= 2;
  return pause;
}

/** In whole seconds, as the queue delays by seconds and clients are told seconds. */
function phaseOf({ id, intervalSeconds }: Schedule): number {
  const hash = createHash('sha256').update(id).digest().readUInt32BE(0);
  return (hash % Math.floor(intervalSeconds)) * 1000;
}
