import type { FeedHealth } from '../../../lambdas/domain/feeds/feed-health.ts';
import { MORNING } from '../manual-clock.ts';

/** Of a feed that was polled well this morning, for the seventh time. */
export function testHealth(overrides: Partial<FeedHealth> = {}): FeedHealth {
  return {
    adapterId: 'test-feed',
    revision: 7,
    cycle: MORNING,
    lastSuccess: MORNING,
    consecutiveFailures: 0,
    completedPolls: 6,
    failedPolls: 1,
    lastError: null,
    lastErrorCode: null,
    recordCount: 2,
    averageLatencyMs: 340,
    startedAt: MORNING + 1000,
    completedAt: MORNING + 2250,
    outcome: 'success',
    notBefore: null,
    parts: { all: { etag: '"1"', digest: 'A', records: 2, publishedAt: MORNING - 60_000 } },
    ...overrides,
  };
}
