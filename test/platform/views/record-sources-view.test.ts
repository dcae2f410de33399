import { describe, expect, test } from '@jest/globals';
import type { FeedHealth } from '../../../lambdas/domain/feeds/feed-health.ts';
import { recordSourcesView } from '../../../lambdas/platform/views/record-sources-view.ts';
import { testAdapter } from '../../support/feeds/test-adapter.ts';
import { testHealth } from '../../support/feeds/test-health.ts';
import { MORNING } from '../../support/manual-clock.ts';

const MINUTE = 60_000;

function sourcesOf(health: FeedHealth | null, now = MORNING + MINUTE) {
  const stored = { health, completedCycle: health?.lastSuccess ?? null };
  return recordSourcesView([testAdapter()], new Map([['test-feed', stored]]), now);
}

describe('records of a feed are good for use', () => {
  test.each<[string, Partial<FeedHealth>]>([
    ['when it is healthy', {}],
    ['when its last poll failed, while they are fresh', { outcome: 'upstream_timeout', consecutiveFailures: 1 }],
    ['when only a part of it was read', { outcome: 'partial_success' }],
  ])('%s', (_, health) => {
    expect(sourcesOf(testHealth(health))).toMatchObject({
      sources: [{ live_eligible: true }],
      query_coverage: { requested: ['test-feed'], covered: ['test-feed'], missing: [] },
    });
  });

  test.each<[string, FeedHealth | null, number]>([
    ['before its first poll', null, MORNING],
    ['once it is stale', testHealth(), MORNING + 16 * MINUTE],
    [
      'once its own publication is old, though it is polled well',
      testHealth({ parts: { all: { digest: 'A', records: 2, publishedAt: MORNING - 60 * MINUTE } } }),
      MORNING + MINUTE,
    ],
    [
      'while it has never been read',
      testHealth({ lastSuccess: null, outcome: 'upstream_timeout', parts: {} }),
      MORNING,
    ],
  ])('not %s', (_, health, now) => {
    expect(sourcesOf(health, now)).toMatchObject({
      sources: [{ live_eligible: false }],
      query_coverage: { requested: ['test-feed'], covered: [], missing: ['test-feed'] },
    });
  });
});
