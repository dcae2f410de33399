import { RetryableError } from '../errors.ts';
import type { Adapter } from './adapter.ts';
import type { FeedHealth } from './feed-health.ts';
import type { CompletedCycles, FeedHealths } from './feed-store.ts';
import { type FeedTotals, totalsOf } from './feed-totals.ts';
import { type FeedStatus, feedVerdict } from './feed-verdict.ts';
import { type PlannedPoll, planTick } from './plan-tick.ts';

export type DispatchDeps = {
  readonly adapters: readonly Adapter[];
  readonly healths: Pick<FeedHealths, 'all'>;
  readonly cycles: Pick<CompletedCycles, 'all'>;
  readonly heartbeat: Heartbeat;
  /** Answers how many of them the queue would not take. */
  readonly send: (polls: readonly PlannedPoll[]) => Promise<number>;
  readonly now: () => number;
};

/** The instant up to which the dispatcher has sent what is due; it moves with every tick. */
export type Heartbeat = {
  load(): Promise<number | null>;
  /** Never moves it back, unless it is further ahead than any clock may be. The totals are kept beside it. */
  record(coveredUntil: number, totals: FeedTotals): Promise<void>;
};

export type TickReport = {
  readonly sent: number;
  readonly statuses: Readonly<Record<FeedStatus, number>>;
  /** Of the feed that was updated longest ago; null while nothing is known. */
  readonly oldestFeedSeconds: number | null;
};

/**
 * One tick: sends a poll for each adapter that is due, and looks at the health of all, so that what has become stale
 * shows although nobody asks.
 *
 * A tick that dies before its end, or one that could not send all, is repeated by the next. What is sent twice has the
 * same identity, and counts once. Throws `RetryableError` when the store or the queue fails.
 */
export async function dispatchPolls(deps: DispatchDeps): Promise<TickReport> {
  const { adapters, heartbeat, now } = deps;
  // Cycles first: of a first poll that is being written meanwhile, health is there before its cycle is.
  const [completed, covered] = await Promise.all([deps.cycles.all(), heartbeat.load()]);
  const stored = await deps.healths.all();
  const healths = new Map(stored.map((health) => [health.adapterId, health]));
  const at = now();
  const { polls, coveredUntil } = planTick(adapters, healths, covered, at);
  const unsent = await deps.send(polls);
  if (unsent > 0) throw new RetryableError(`${unsent} of ${polls.length} polls could not be sent`);
  await heartbeat.record(coveredUntil, totalsOf(stored, at));
  return { sent: polls.length, ...sweep(healths, completed, deps) };
}

function sweep(
  healths: ReadonlyMap<string, FeedHealth>,
  completed: ReadonlyMap<string, number>,
  { adapters, now }: DispatchDeps,
): Omit<TickReport, 'sent'> {
  const at = now();
  const verdicts = adapters.map((adapter) =>
    feedVerdict(healths.get(adapter.id) ?? null, completed.get(adapter.id) ?? null, adapter, at),
  );
  const statuses = { healthy: 0, degraded: 0, stale: 0, down: 0, initializing: 0, unknown: 0 };
  for (const { status } of verdicts) statuses[status] += 1;
  const oldest = Math.min(...verdicts.map(({ publishedAt }) => publishedAt ?? Number.POSITIVE_INFINITY));
  return { statuses, oldestFeedSeconds: Number.isFinite(oldest) ? Math.max(0, (at - oldest) / 1000) : null };
}
