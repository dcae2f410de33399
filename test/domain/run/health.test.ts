import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type HealthStatus, type ReasonCode, stallMs, verdict } from '../../../lambdas/domain/run/health.ts';
import type { RunOutcome } from '../../../lambdas/domain/run/run-outcome.ts';
import type { Run, RunState, WrapperStatus } from '../../../lambdas/domain/run/run-state.ts';
import { anyState } from '../../support/any-state.ts';
import { executingState, pendingState } from '../../support/executing-state.ts';
import { MORNING } from '../../support/manual-clock.ts';

const MINUTE = 60_000;
/** When the verdict is asked for: the run began an hour before. */
const now = MORNING + 60 * MINUTE;
const alive = executingState({ leaseUntil: now + MINUTE, lastDataSent: now - 1_000, lastProgressAt: now - 1_000 });
const fresh = {
  ...alive,
  lastDataSent: null,
  lastProgressAt: null,
  run: { ...(alive.run as Run), startedAt: now - 1_000 },
};

function over(outcome: RunOutcome, status: WrapperStatus, before: Run['before'] = null): RunState {
  const run = { ...(alive.run as Run), outcome, before, endedAt: now - MINUTE };
  return { ...alive, status, leaseUntil: null, run };
}

type Row = readonly [string, string, RunState | null, HealthStatus, ReasonCode];
const table: readonly Row[] = [
  ['W-1', 'an unknown wrapper', null, 'UNKNOWN', 'NOT_FOUND'],
  ['W-1', 'a deleted wrapper', { ...alive, deleted: true }, 'UNKNOWN', 'NOT_FOUND'],
  ['W-2', 'a wrapper never started', pendingState(), 'UNKNOWN', 'NEVER_STARTED'],
  ['W-2', 'a stopped wrapper', over('stopped', 'stopped'), 'UNKNOWN', 'STOPPED'],
  ['W-2', 'a completed wrapper', over('completed', 'completed'), 'UNKNOWN', 'COMPLETED'],
  ['W-2', 'a first run that never began', over('refused', 'error'), 'UNKNOWN', 'NEVER_STARTED'],
  [
    'W-2',
    'a run that never began after a success',
    over('refused', 'error', { outcome: 'completed', endedAt: 1 }),
    'UNKNOWN',
    'COMPLETED',
  ],
  [
    'W-2',
    'a run that never began after a crash',
    over('refused', 'error', { outcome: 'lost', endedAt: 1 }),
    'CRASHED',
    'LEASE_LOST',
  ],
  ['W-4', 'a failed run', over('failed', 'error'), 'CRASHED', 'RUN_FAILED'],
  ['W-4', 'a lost run', over('lost', 'error'), 'CRASHED', 'LEASE_LOST'],
  ['W-4', 'a lease that ran out', { ...alive, leaseUntil: now - 1 }, 'CRASHED', 'LEASE_LOST'],
  ['W-5', 'a run that gets on', alive, 'HEALTHY', 'PROGRESSING'],
  ['W-5', 'a run just begun', fresh, 'HEALTHY', 'PROGRESSING'],
  [
    'W-5',
    'a run without data for too long',
    { ...alive, lastProgressAt: now - 16 * MINUTE },
    'STALLED',
    'NO_DATA_IN_TIME',
  ],
  ['W-5', 'recent errors', { ...alive, recentErrorAt: now - 15 * MINUTE }, 'DEGRADED', 'RECENT_ERRORS'],
  ['W-5', 'errors of long ago', { ...alive, recentErrorAt: now - 15 * MINUTE - 1 }, 'HEALTHY', 'PROGRESSING'],
  ['W-5', 'rows quarantined recently', { ...alive, quarantinedAt: now - MINUTE }, 'DEGRADED', 'ROWS_QUARANTINED'],
  [
    'W-5',
    'errors while stalled',
    { ...alive, lastProgressAt: now - 16 * MINUTE, recentErrorAt: now },
    'STALLED',
    'NO_DATA_IN_TIME',
  ],
  [
    'W-5',
    'an outage that is being waited for, however long the pauses',
    {
      ...alive,
      intervalSeconds: 3600,
      outage: { since: now - 40 * MINUTE, reason: 'HTTP 503' },
      recentErrorAt: now - 20 * MINUTE,
    },
    'DEGRADED',
    'RECENT_ERRORS',
  ],
  ['W-5', 'a successful empty look', { ...alive, lastDataSent: 1 }, 'HEALTHY', 'PROGRESSING'],
  [
    'W-5',
    'the same with a stall time of its own',
    { ...alive, lastDataSent: 1, stallAfterSeconds: 60 },
    'STALLED',
    'NO_DATA_IN_TIME',
  ],
  [
    'W-5',
    'a continuous run at rest',
    { ...alive, waitingUntil: now, run: { ...(alive.run as Run), caughtUpAt: 1 } },
    'HEALTHY',
    'CAUGHT_UP',
  ],
];

describe('the health verdict', () => {
  test.each(table)('%s: %s', (_rule, _case, state, status, reason) => {
    expect(verdict(state, now)).toMatchObject({ status, reason });
  });

  test('W-5: the expected time is three intervals, at least two minutes, or what the wrapper says', () => {
    expect(stallMs({ stallAfterSeconds: null, intervalSeconds: 300 })).toBe(900_000);
    expect(stallMs({ stallAfterSeconds: null, intervalSeconds: 1 })).toBe(120_000);
    expect(stallMs({ stallAfterSeconds: 7, intervalSeconds: 300 })).toBe(7_000);
  });

  test('W-5: it is measured from the start of this run when the last data is older', () => {
    expect(verdict({ ...fresh, lastProgressAt: 1 }, now).expectedBy).toBe(now - 1_000 + stallMs(alive));
  });

  test('W-3, W-4, W-8: over the whole input space', () => {
    fc.assert(
      fc.property(anyState(now), (state) => {
        const { status, executing, expectedBy } = verdict(state, now);
        const isAlive = !state.deleted && state.status === 'executing' && (state.leaseUntil ?? 0) >= now;
        expect(executing).toBe(isAlive);
        expect(executing).toBe(status === 'HEALTHY' || status === 'STALLED' || status === 'DEGRADED');
        expect(expectedBy !== null).toBe(executing);
        if (status === 'CRASHED' && state.status !== 'executing') {
          const last = state.run?.outcome === 'refused' ? state.run.before?.outcome : state.run?.outcome;
          expect(['failed', 'lost']).toContain(last);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
