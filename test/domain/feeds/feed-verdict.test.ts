import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { FeedHealth } from '../../../lambdas/domain/feeds/feed-health.ts';
import { type FeedStatus, feedVerdict, overallStatus } from '../../../lambdas/domain/feeds/feed-verdict.ts';
import type { PollOutcome } from '../../../lambdas/domain/feeds/upstream-fault.ts';
import { testAdapter } from '../../support/feeds/test-adapter.ts';
import { testHealth } from '../../support/feeds/test-health.ts';
import { MORNING } from '../../support/manual-clock.ts';

const MINUTE = 60_000;
const adapter = testAdapter({ intervalSeconds: 300, maxFeedAgeSeconds: 1800 });
const failing: Partial<FeedHealth> = { outcome: 'upstream_http_failure', consecutiveFailures: 1 };
const neverGood: Partial<FeedHealth> = { ...failing, lastSuccess: null, parts: {}, recordCount: 0 };

type Row = readonly [string, FeedHealth | null, number | null, number, FeedStatus, boolean];
const table: readonly Row[] = [
  ['M-4: nothing stored at all', null, null, 0, 'initializing', false],
  ['M-4: health lost, and a cycle completed before', null, MORNING, 0, 'unknown', false],
  ['fresh, after a success', testHealth(), MORNING, 1, 'healthy', true],
  ['fresh, after a failure', testHealth(failing), MORNING, 1, 'degraded', false],
  ['fresh, after a partial success', testHealth({ outcome: 'partial_success' }), MORNING, 1, 'degraded', false],
  ['three intervals after the last success', testHealth(), MORNING, 15, 'healthy', true],
  ['longer than that', testHealth(failing), MORNING, 15.1, 'stale', false],
  ['twelve intervals after it', testHealth(failing), MORNING, 60, 'stale', false],
  ['longer than that', testHealth(failing), MORNING, 60.1, 'down', false],
  [
    'two failures and no success ever',
    testHealth({ ...neverGood, consecutiveFailures: 2 }),
    null,
    1,
    'degraded',
    false,
  ],
  ['three failures and no success ever', testHealth({ ...neverGood, consecutiveFailures: 3 }), null, 1, 'down', false],
  [
    'failing since its health was lost',
    testHealth({ ...neverGood, consecutiveFailures: 3 }),
    MORNING,
    1,
    'degraded',
    false,
  ],
  [
    'read well, while upstream itself is behind',
    testHealth({ parts: { all: { digest: 'A', records: 2, publishedAt: MORNING - 30 * MINUTE } } }),
    MORNING,
    0,
    'healthy',
    false,
  ],
  [
    'a feed that does not tell when it was published',
    testHealth({ parts: { all: { digest: 'A', records: 2, publishedAt: null } } }),
    MORNING,
    1,
    'healthy',
    false,
  ],
  [
    'a feed of which one part does not',
    testHealth({
      parts: {
        one: { digest: 'A', records: 2, publishedAt: MORNING },
        other: { digest: 'A', records: 2, publishedAt: null },
      },
    }),
    MORNING,
    1,
    'healthy',
    false,
  ],
];

describe('the verdict', () => {
  test.each(table)('%s (%#)', (_case, health, cycle, minutes, status, eligible) => {
    const verdict = feedVerdict(health, cycle, adapter, MORNING + minutes * MINUTE);
    expect(verdict).toMatchObject({ status, eligible });
  });

  test('of a feed with limits of its own', () => {
    const own = { ...adapter, staleAfterSeconds: 30, downAfterSeconds: 60 };
    const at = (seconds: number) => feedVerdict(testHealth(), MORNING, own, MORNING + seconds * 1000).status;
    expect([30, 31, 60, 61].map(at)).toEqual(['healthy', 'stale', 'stale', 'down']);
  });

  test('M-4, M-9: a success that is known of once is never forgotten with the health', () => {
    const anew = testHealth({ ...neverGood, cycle: MORNING + 5 * MINUTE });
    expect(feedVerdict(null, MORNING, adapter, MORNING).lastSuccess).toBe(MORNING);
    expect(feedVerdict(anew, MORNING, adapter, MORNING + 5 * MINUTE).lastSuccess).toBe(MORNING);
  });

  test('holds over the whole input space', () => {
    fc.assert(
      fc.property(anyHealth(), fc.option(anyInstant()), anyInstant(), (health, cycle, now) => {
        const { status, eligible, lastSuccess } = feedVerdict(health, cycle, adapter, now);
        expect(status === 'initializing').toBe(health === null && cycle === null);
        expect(status === 'unknown').toBe(health === null && cycle !== null);
        if (eligible) expect(status).toBe('healthy');
        if (status === 'healthy') expect(health?.outcome).toBe('success');
        if (status === 'healthy' || status === 'stale') expect(lastSuccess).not.toBeNull();
        const later = feedVerdict(health, cycle, adapter, now + 61 * MINUTE + 12 * 300_000);
        if (lastSuccess !== null && health !== null && lastSuccess < now) expect(later.status).toBe('down');
      }),
      { numRuns: 2000 },
    );
  });
});

describe('all feeds together', () => {
  const rows: readonly (readonly [FeedStatus[], string])[] = [
    [[], 'initializing'],
    [['initializing'], 'initializing'],
    [['healthy', 'healthy', 'initializing'], 'healthy'],
    [['healthy', 'stale'], 'degraded'],
    [['degraded', 'down'], 'degraded'],
    [['healthy', 'unknown'], 'degraded'],
    [['down', 'stale', 'unknown'], 'down'],
    [['down', 'initializing'], 'down'],
  ];
  test.each(rows)('%j: %s', (statuses, overall) => {
    expect(overallStatus(statuses)).toBe(overall);
  });
});

function anyInstant(): fc.Arbitrary<number> {
  return fc.integer({ min: MORNING - 120 * MINUTE, max: MORNING + 120 * MINUTE });
}

function anyHealth(): fc.Arbitrary<FeedHealth | null> {
  const outcome = fc.constantFrom<PollOutcome>('success', 'partial_success', 'upstream_empty', 'internal_failure');
  return fc.option(
    fc
      .record({ outcome, consecutiveFailures: fc.nat(5), cycle: anyInstant(), before: fc.option(anyInstant()) })
      .map(({ outcome, consecutiveFailures, cycle, before }) => {
        const answered = outcome === 'success' || outcome === 'partial_success';
        return testHealth({ outcome, consecutiveFailures, cycle, lastSuccess: answered ? cycle : before });
      }),
  );
}
