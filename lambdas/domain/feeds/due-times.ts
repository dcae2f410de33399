import { createHash } from 'node:crypto';
import type { Adapter } from './adapter.ts';
import type { FeedHealth } from './feed-health.ts';

/* When feeds are polled is computed, not stored: nothing has to be written for a poll to be due. */

/** However badly a feed does, it is asked again after so long: its recovery shows within a quarter of an hour. */
const LONGEST_PAUSE_MS = 14 * 60_000;
/** Between two polls of an adapter: what is still being written when a deadline is over has ended by then. */
const MARGIN_MS = 15_000;
const FIRST_PERIOD_MS = 60_000;

type Schedule = Pick<Adapter, 'id' | 'intervalSeconds' | 'deadlineSeconds'>;
type Known = Pick<FeedHealth, 'revision' | 'cycle' | 'consecutiveFailures' | 'notBefore'> | null;

/**
 * The latest instant after `after` and up to `until` at which the adapter is due; null if there is none. However long
 * the time between the two, one poll makes up for all that were missed in it.
 *
 * Due are the multiples of a period, shifted by a phase of the adapter's own, so that a thousand adapters of the same
 * interval are not polled in the same second. While polls fail, only each second, fourth, eighth… is kept.
 */
export function dueBetween(adapter: Schedule, health: Known, after: number, until: number): number | null {
  const period = periodOf(adapter, health);
  const phase = phaseOf(adapter.id, period);
  const latest = (step: number, instant: number) => Math.floor((instant - phase) / step) * step + phase;
  const earliest = Math.max(after + 1, earliestAfter(adapter, health));
  const notBefore = health?.notBefore ?? 0;
  const kept = latest(pauseOf(period, health), until);
  const asSoonAsAsked = latest(period, notBefore - 1) + period;
  const isDue = [kept, asSoonAsAsked].some((due) => due >= Math.max(earliest, notBefore) && due <= until);
  // What was missed is made up for at the latest of all instants, which may still be to come.
  return isDue ? latest(period, until) : null;
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

/** A feed of which nothing is known is not left waiting for its interval. */
function periodOf(adapter: Schedule, health: Known): number {
  return health === null ? firstPeriodOf(adapter) : adapter.intervalSeconds * 1000;
}

function firstPeriodOf({ deadlineSeconds }: Schedule): number {
  return Math.max(FIRST_PERIOD_MS, deadlineSeconds * 1000 + MARGIN_MS);
}

/**
 * After what is known. When that is the first result there is, one more first poll may be under way, sent before the
 * result came: the interval begins once that one is over.
 */
function earliestAfter(adapter: Schedule, health: Known): number {
  if (health === null) return 0;
  return health.revision === 1 ? health.cycle + 2 * firstPeriodOf(adapter) : health.cycle + 1;
}

/** Twice as long with each failure, as long as it stays within the longest pause. */
function pauseOf(period: number, health: Known): number {
  let pause = period;
  for (let failures = health?.consecutiveFailures ?? 0; failures > 0 && pause * 2 <= LONGEST_PAUSE_MS; failures -= 1) {
    pause *= 2;
  }
  return pause;
}

/** In whole seconds, as the queue delays by seconds and clients are told seconds. */
function phaseOf(adapterId: string, period: number): number {
  const hash = createHash('sha256').update(adapterId).digest().readUInt32BE(0);
  return (hash % Math.floor(period / 1000)) * 1000;
}
