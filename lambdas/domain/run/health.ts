import type { RunState } from './run-state.ts';

export type HealthStatus = 'HEALTHY' | 'STALLED' | 'DEGRADED' | 'CRASHED' | 'UNKNOWN';

export type ReasonCode =
  | 'NOT_FOUND'
  | 'NEVER_STARTED'
  | 'STOPPED'
  | 'COMPLETED'
  | 'PROGRESSING'
  | 'CAUGHT_UP'
  | 'WAITING_FOR_UPSTREAM'
  | 'NO_DATA_IN_TIME'
  | 'RECENT_ERRORS'
  | 'ROWS_QUARANTINED'
  | 'RUN_FAILED'
  | 'LEASE_LOST';

/** Instants are milliseconds since the epoch; null: there is none. */
export type Verdict = {
  readonly status: HealthStatus;
  readonly executing: boolean;
  readonly reason: ReasonCode;
  /** Since when the reason holds, as far as it is known. */
  readonly since: number | null;
  readonly lastProgressAt: number | null;
  /** Without progress by then, the verdict is STALLED; null unless executing. */
  readonly expectedBy: number | null;
};

/** Errors and quarantined rows make a run DEGRADED for this long; an upstream may be waited for as long. */
const RECENT_MS = 15 * 60_000;
const LEAST_STALL_MS = 120_000;

/**
 * The health verdict (contract W-1 to W-8): a pure function of the stored state and the time. A run whose lease has
 * run out is CRASHED, whatever its status says, so a dead run is called HEALTHY for no longer than its lease.
 */
export function verdict(state: RunState | null, now: number): Verdict {
  if (!state || state.deleted) return idle('UNKNOWN', 'NOT_FOUND', null, null);
  if (state.status === 'executing') return executing(state, now);
  const { lastProgressAt } = state;
  // The last run decides, not the status: an execute that never became a run is no crash.
  const run = state.run?.outcome === 'refused' ? state.run.before : state.run;
  if (!run) return idle('UNKNOWN', 'NEVER_STARTED', state.createdAt, null);
  switch (run.outcome) {
    case 'failed':
      return idle('CRASHED', 'RUN_FAILED', run.endedAt, lastProgressAt);
    case 'lost':
      return idle('CRASHED', 'LEASE_LOST', run.endedAt, lastProgressAt);
    case 'completed':
      return idle('UNKNOWN', 'COMPLETED', run.endedAt, lastProgressAt);
    default:
      return idle('UNKNOWN', 'STOPPED', run.endedAt, lastProgressAt);
  }
}

/** How long a run may go without progress. */
export function stallMs(state: Pick<RunState, 'stallAfterSeconds' | 'intervalSeconds'>): number {
  if (state.stallAfterSeconds !== null) return state.stallAfterSeconds * 1000;
  return Math.max(3 * state.intervalSeconds * 1000, LEAST_STALL_MS);
}

function executing(state: RunState, now: number): Verdict {
  const { lastProgressAt, leaseUntil } = state;
  if (leaseUntil === null || leaseUntil < now) return idle('CRASHED', 'LEASE_LOST', leaseUntil, lastProgressAt);
  const startedAt = state.run?.startedAt ?? state.updatedAt;
  // A wrapper that sets the time itself means delivered data only; by default a look that found nothing new counts,
  // and so does waiting as long as the upstream asks, within reason.
  const excused = throttledUntil(state, now);
  const countsOnlyData = state.stallAfterSeconds !== null;
  const progress = countsOnlyData ? state.lastDataSent : Math.max(lastProgressAt ?? 0, excused);
  const expectedBy = Math.max(progress ?? 0, startedAt) + stallMs(state);
  const alive = { executing: true, lastProgressAt: countsOnlyData ? state.lastDataSent : lastProgressAt, expectedBy };
  if (now > expectedBy) return { ...alive, status: 'STALLED', reason: 'NO_DATA_IN_TIME', since: expectedBy };
  if (state.outage || isRecent(state.recentErrorAt, now))
    return { ...alive, status: 'DEGRADED', reason: 'RECENT_ERRORS', since: state.outage?.since ?? state.recentErrorAt };
  if (isRecent(state.quarantinedAt, now))
    return { ...alive, status: 'DEGRADED', reason: 'ROWS_QUARANTINED', since: state.quarantinedAt };
  return { ...alive, status: 'HEALTHY', ...reasonOf(state, startedAt) };
}

function reasonOf(state: RunState, startedAt: number): Pick<Verdict, 'reason' | 'since'> {
  const { throttledSince, waitingUntil, run } = state;
  if (waitingUntil !== null && throttledSince) return { reason: 'WAITING_FOR_UPSTREAM', since: throttledSince };
  const caughtUp = waitingUntil !== null && run?.caughtUpAt !== null;
  return { reason: caughtUp ? 'CAUGHT_UP' : 'PROGRESSING', since: startedAt };
}

/** The last instant that counts as progress because the upstream asked to wait; 0: it did not. */
function throttledUntil({ throttledSince }: RunState, now: number): number {
  return throttledSince ? Math.min(now, throttledSince + RECENT_MS) : 0;
}

function isRecent(at: number | null, now: number): boolean {
  return at !== null && now - at <= RECENT_MS;
}

function idle(status: HealthStatus, reason: ReasonCode, since: number | null, lastProgressAt: number | null): Verdict {
  return { status, executing: false, reason, since, lastProgressAt, expectedBy: null };
}
