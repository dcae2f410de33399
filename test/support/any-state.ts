import fc from 'fast-check';
import type { RunOutcome } from '../../lambdas/domain/run/run-outcome.ts';
import type { Run, RunState, WrapperStatus } from '../../lambdas/domain/run/run-state.ts';
import { executingState } from './executing-state.ts';

const MINUTE = 60_000;

/** States of every kind: status, lease, progress and errors around an instant. */
export function anyState(now: number): fc.Arbitrary<RunState> {
  const instant = fc.option(fc.integer({ min: now - 90 * MINUTE, max: now + 90 * MINUTE }));
  const ended = fc.constantFrom<RunOutcome>('completed', 'stopped', 'failed', 'lost', 'refused');
  const before = fc.option(fc.record({ outcome: ended, endedAt: instant }));
  const idle = fc.record({
    status: fc.constantFrom<WrapperStatus>('stopped', 'completed', 'error'),
    run: fc.record({ outcome: ended, before }).map((run) => ({ ...(executingState().run as Run), ...run })),
  });
  const busy = fc.record({ status: fc.constant<WrapperStatus>('executing'), run: fc.constant(executingState().run) });
  const rest = fc.record({
    deleted: fc.boolean(),
    leaseUntil: instant,
    lastDataSent: instant,
    lastProgressAt: instant,
    waitingUntil: instant,
    throttledSince: instant,
    recentErrorAt: instant,
    quarantinedAt: instant,
    stallAfterSeconds: fc.option(fc.integer({ min: 1, max: 10_000 })),
  });
  return fc.tuple(fc.oneof(idle, busy), rest).map(([first, others]) => ({ ...executingState(), ...others, ...first }));
}
