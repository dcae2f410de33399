import type { Adapter } from '../../domain/feeds/adapter.ts';
import type { FeedHealth } from '../../domain/feeds/feed-health.ts';
import { feedVerdict } from '../../domain/feeds/feed-verdict.ts';
import { isoMilliseconds, isoSeconds } from '../api/responses.ts';
import type { StoredFeed } from '../feeds/feed-store.ts';

/** The health of a feed as the API shows it, every key at all times (contract, AdapterHealth). */
export function adapterHealthView(adapter: Adapter, { health, completedCycle }: StoredFeed, now: number) {
  const { status, eligible, lastSuccess } = feedVerdict(health, completedCycle, adapter, now);
  return {
    adapter_id: adapter.id,
    jurisdiction: adapter.jurisdiction,
    feed_type: adapter.feedType,
    status,
    live_aggregation_eligible: eligible,
    last_successful_fetch: isoSeconds(lastSuccess),
    last_attempted_fetch: isoSeconds(health?.cycle ?? null),
    consecutive_failures: health?.consecutiveFailures ?? 0,
    last_error: health?.lastError ?? null,
    record_count: health?.recordCount ?? 0,
    average_latency_ms: health?.averageLatencyMs ?? null,
    processor: { last_completed_cycle: isoMilliseconds(lastSuccess), ...lastJob(health) },
  };
}

/** A job is enqueued at the instant at which it is due, however early it was sent. */
function lastJob(health: FeedHealth | null) {
  return {
    last_job_enqueued_at: isoMilliseconds(health?.cycle ?? null),
    last_job_started_at: isoMilliseconds(health?.startedAt ?? null),
    last_job_completed_at: isoMilliseconds(health?.completedAt ?? null),
    last_queue_lag_ms: health ? health.startedAt - health.cycle : null,
    last_job_duration_ms: health ? health.completedAt - health.startedAt : null,
    last_job_outcome: health?.outcome ?? null,
    last_job_error: health?.lastErrorCode ?? null,
  };
}
