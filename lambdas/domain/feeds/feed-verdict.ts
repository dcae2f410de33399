import type { Adapter } from './adapter.ts';
import type { FeedHealth } from './feed-health.ts';

export type FeedStatus = 'healthy' | 'degraded' | 'stale' | 'down' | 'initializing' | 'unknown';
export type OverallStatus = 'healthy' | 'degraded' | 'down' | 'initializing';

/** What is to be said of a feed. All instants in milliseconds since the epoch. */
export type FeedVerdict = {
  readonly status: FeedStatus;
  /** Whether its records may be called live: all of it was read, lately, and upstream itself is up to date. */
  readonly eligible: boolean;
  /** The cycle of its last success, also when its health was lost since; null if there was none. */
  readonly lastSuccess: number | null;
  /** Of its oldest part; null as long as it is not known of every part. */
  readonly publishedAt: number | null;
};

type Limits = Pick<Adapter, 'intervalSeconds' | 'maxFeedAgeSeconds' | 'staleAfterSeconds' | 'downAfterSeconds'>;

/** In intervals, where the adapter does not say otherwise. */
const STALE_AFTER = 3;
const DOWN_AFTER = 12;
/** So many failures and not one success ever: it does not work at all. */
const NEVER_WORKED = 3;

/** The one judgement over a feed: of what is stored about it, either part of which may be missing, and the time. */
export function feedVerdict(
  health: FeedHealth | null,
  completedCycle: number | null,
  adapter: Limits,
  now: number,
): FeedVerdict {
  if (health === null) {
    const status = completedCycle === null ? 'initializing' : 'unknown';
    return { status, eligible: false, lastSuccess: completedCycle, publishedAt: null };
  }
  const lastSuccess = latest(health.lastSuccess, completedCycle);
  const status = statusOf(health, lastSuccess, adapter, now);
  const publishedAt = oldestPublication(health);
  const isUpToDate = publishedAt !== null && now - publishedAt < adapter.maxFeedAgeSeconds * 1000;
  return { status, eligible: status === 'healthy' && isUpToDate, lastSuccess, publishedAt };
}

/** Of all feeds together; one that is still to be polled for the first time says nothing about the others. */
export function overallStatus(statuses: readonly FeedStatus[]): OverallStatus {
  const judged = statuses.filter((status) => status !== 'initializing');
  if (judged.length === 0) return 'initializing';
  if (judged.every((status) => status === 'healthy')) return 'healthy';
  return judged.some((status) => status === 'healthy' || status === 'degraded') ? 'degraded' : 'down';
}

function statusOf(health: FeedHealth, lastSuccess: number | null, adapter: Limits, now: number): FeedStatus {
  const { intervalSeconds, staleAfterSeconds, downAfterSeconds } = adapter;
  if (lastSuccess === null) return health.consecutiveFailures >= NEVER_WORKED ? 'down' : 'degraded';
  const age = (now - lastSuccess) / 1000;
  if (age > (downAfterSeconds ?? DOWN_AFTER * intervalSeconds)) return 'down';
  if (age > (staleAfterSeconds ?? STALE_AFTER * intervalSeconds)) return 'stale';
  return health.outcome === 'success' ? 'healthy' : 'degraded';
}

function oldestPublication({ parts }: FeedHealth): number | null {
  const published = Object.values(parts).map(({ publishedAt }) => publishedAt);
  const known = published.filter((instant) => instant !== null);
  return known.length === 0 || known.length < published.length ? null : Math.min(...known);
}

function latest(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.max(one, other);
}
