import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { applyPoll, hasAnswered, type PollResult } from '../../../lambdas/domain/feeds/apply-poll.ts';
import type { FeedHealth } from '../../../lambdas/domain/feeds/feed-health.ts';
import type { PollOutcome } from '../../../lambdas/domain/feeds/upstream-fault.ts';
import { testHealth } from '../../support/feeds/test-health.ts';
import { MORNING } from '../../support/manual-clock.ts';

const MINUTE = 60_000;

function result(overrides: Partial<PollResult> = {}): PollResult {
  const due = overrides.due ?? MORNING + 5 * MINUTE;
  return {
    adapterId: 'test-feed',
    due,
    startedAt: due + 1000,
    completedAt: due + 2250,
    outcome: 'success',
    error: null,
    latencyMs: 840,
    notBefore: null,
    parts: { all: { digest: 'B', records: 3, publishedAt: null } },
    ...overrides,
  };
}

const failure = { message: 'HTTP 503 from upstream', code: 'UPSTREAM_HTTP_503' };
const failed: Partial<PollResult> = { outcome: 'upstream_http_failure', error: failure, latencyMs: null };

describe('the first poll', () => {
  test('makes the first health', () => {
    expect(applyPoll(null, result())).toMatchObject({ revision: 1, recordCount: 3, averageLatencyMs: 840 });
    expect(applyPoll(null, result(failed))).toMatchObject({
      revision: 1,
      lastSuccess: null,
      consecutiveFailures: 1,
      recordCount: 0,
      averageLatencyMs: null,
    });
  });
});

test('O-5: what a poll was sent before polls were counted starts the count', () => {
  const { completedPolls: _, failedPolls: __, ...old } = testHealth();
  expect(applyPoll(old as FeedHealth, result())).toMatchObject({ completedPolls: 1, failedPolls: 0 });
});

describe('M-7: the instants', () => {
  test('of a success are its cycle; a failure moves only the attempt', () => {
    const due = MORNING + 5 * MINUTE;
    expect(applyPoll(testHealth(), result())).toMatchObject({ cycle: due, lastSuccess: due });
    expect(applyPoll(testHealth(), result(failed))).toMatchObject({ cycle: due, lastSuccess: MORNING });
  });
});

describe('M-8: errors', () => {
  test('are gone after a success', () => {
    const failing = testHealth({ consecutiveFailures: 4, lastError: 'HTTP 500 from upstream', lastErrorCode: 'X' });
    expect(applyPoll(failing, result())).toMatchObject({
      consecutiveFailures: 0,
      lastError: null,
      lastErrorCode: null,
      outcome: 'success',
    });
  });

  test('are told to people and to machines after a failure, which keeps the last good count', () => {
    expect(applyPoll(testHealth({ consecutiveFailures: 1 }), result(failed))).toMatchObject({
      consecutiveFailures: 2,
      lastError: 'HTTP 503 from upstream',
      lastErrorCode: 'UPSTREAM_HTTP_503',
      outcome: 'upstream_http_failure',
      recordCount: 2,
    });
  });

  test('of some parts do not count as a failure of the feed', () => {
    const error = { message: '1 of 2 parts failed', code: 'UPSTREAM_PARTIAL' };
    expect(
      applyPoll(testHealth({ consecutiveFailures: 2 }), result({ outcome: 'partial_success', error })),
    ).toMatchObject({
      consecutiveFailures: 0,
      lastError: '1 of 2 parts failed',
      lastSuccess: MORNING + 5 * MINUTE,
      recordCount: 3,
    });
  });
});

describe('M-10: the mean latency', () => {
  test('gives the newest success a fifth of the weight, in whole milliseconds', () => {
    expect(applyPoll(testHealth(), result({ latencyMs: 841 }))?.averageLatencyMs).toBe(440);
    expect(applyPoll(testHealth({ averageLatencyMs: null }), result({ latencyMs: 12.6 }))?.averageLatencyMs).toBe(13);
  });

  test('is not moved by a failure', () => {
    expect(applyPoll(testHealth(), result(failed))?.averageLatencyMs).toBe(340);
  });
});

describe('M-9, I8, I9: results that come in any order, any number of times', () => {
  const anyResults = fc
    .array(fc.constantFrom<PollOutcome>('success', 'partial_success', 'upstream_timeout', 'internal_failure'), {
      minLength: 1,
      maxLength: 6,
    })
    .chain((outcomes) => {
      const results = outcomes.map((outcome, cycle) => {
        const error = outcome === 'success' ? null : failure;
        return result({ due: MORNING + cycle * MINUTE, outcome, error });
      });
      const deliveries = fc.array(fc.constantFrom(...results), { maxLength: 6 });
      return fc
        .tuple(fc.shuffledSubarray(results, { minLength: results.length }), deliveries)
        .map(([order, again]) => ({ results, arrivals: [...order, ...again] }));
    });

  const applied = (health: FeedHealth | null, one: PollResult) => applyPoll(health, one) ?? health;

  test('never move a field back', () => {
    fc.assert(
      fc.property(anyResults, ({ arrivals }) => {
        let before: FeedHealth | null = null;
        for (const arrival of arrivals) {
          const after: FeedHealth | null = applied(before, arrival);
          for (const field of ['cycle', 'lastSuccess', 'startedAt', 'completedAt', 'revision'] as const) {
            expect(after?.[field] ?? 0).toBeGreaterThanOrEqual(before?.[field] ?? 0);
          }
          before = after;
        }
      }),
    );
  });

  test('count once each: failures are those that were newer than all before them, since the last success', () => {
    fc.assert(
      fc.property(anyResults, ({ arrivals }) => {
        const counted = arrivals.filter((one, index) => arrivals.slice(0, index).every(({ due }) => due < one.due));
        const good = counted.findLastIndex(({ outcome }) => hasAnswered(outcome));
        const health = arrivals.reduce(applied, null as FeedHealth | null);
        expect(health?.consecutiveFailures).toBe(counted.length - 1 - good);
        expect(health?.revision).toBe(counted.length);
        const completed = counted.filter(({ outcome }) => hasAnswered(outcome)).length;
        expect([health?.completedPolls, health?.failedPolls]).toEqual([completed, counted.length - completed]);
      }),
    );
  });

  test('end with the newest result, which in its right order gives what no duplicate has ever changed', () => {
    fc.assert(
      fc.property(anyResults, ({ results, arrivals }) => {
        const inOrder = results.reduce(applied, null as FeedHealth | null);
        const withDuplicates = results.flatMap((one) => [one, ...arrivals.filter(({ due }) => due <= one.due)]);
        expect(withDuplicates.reduce(applied, null as FeedHealth | null)).toEqual(inOrder);
        const last = arrivals.reduce(applied, null as FeedHealth | null);
        expect(last?.cycle).toBe(results.at(-1)?.due);
        expect(last?.outcome).toBe(results.at(-1)?.outcome);
      }),
    );
  });
});
