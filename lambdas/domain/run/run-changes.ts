import { newRunState, noCounts, type Run, type RunCounts, type RunState } from './run-state.ts';
import { noTally } from './tally.ts';

/* Changes of state that several steps have in common. */

/** The lineage of re-drives; those of sources count from 1. */
const REDRIVES = 0;

/** What changes when reading starts over; `seq` goes on, so that no checkpoint's name is given twice. */
export function fromTheBeginning(
  state: RunState,
  now: number,
): Pick<RunState, 'checkpoint' | 'pending' | 'sendUntil' | 'tally'> {
  const { checkpoint } = state;
  return {
    pending: null,
    sendUntil: null,
    tally: noTally,
    checkpoint: {
      seq: checkpoint.seq + 1,
      lineage: checkpoint.lineage + 1,
      plan: checkpoint.lineage + 1,
      position: null,
      exhausted: false,
      phase: null,
      highWaterMark: null,
      lowWaterMark: null,
      updatedAt: now,
    },
  };
}

/**
 * What changes when a quarantine is re-driven: it is read from its beginning, and the source's own reading waits. A
 * lineage of its own, for ever the same one, gives a batch that is made again the id that it had.
 */
export function readingSetAside(state: RunState): Pick<RunState, 'checkpoint' | 'pending' | 'setAside'> {
  const { checkpoint, pending } = state;
  const { checkpoint: beginning } = newRunState(state.wrapperId, state, state.createdAt);
  return {
    setAside: { checkpoint, pending },
    pending: null,
    checkpoint: { ...beginning, seq: checkpoint.seq, lineage: REDRIVES, plan: REDRIVES },
  };
}

/** What every end of a run has in common; `pending` stays, so that the next run sends it again under its old ids. */
export function ended(state: RunState, outcome: Run['outcome'], now: number): RunState {
  return {
    ...state,
    ...(state.setAside ?? {}),
    setAside: null,
    stopRequested: false,
    leaseUntil: null,
    sendUntil: null,
    waitingUntil: null,
    outage: null,
    throttledSince: null,
    settled: false,
    run: { ...rested(state, now), outcome, endedAt: now },
  };
}

/**
 * Fences a hand that may be sending: its permit outlives it. Only the hand itself can give a permit back, by telling
 * that its send is over; a stop has to wait for the permits of all others to run out.
 */
export function withStrayPermit(state: RunState): RunState {
  const { sendUntil, strayUntil } = state;
  if (sendUntil === null) return state;
  return { ...state, sendUntil: null, strayUntil: Math.max(sendUntil, strayUntil ?? 0) };
}

/** The run with the time added that its slice has worked until now, or until it was last heard of. */
export function rested(state: RunState, now: number): Run {
  const run = runOf(state);
  if (run.busySince === null) return run;
  const until = Math.min(now, state.leaseUntil ?? now);
  return { ...addCounts(run, { busyMs: Math.max(0, until - run.busySince) }), busySince: null };
}

export function addCounts(run: Run, more: Partial<RunCounts>): Run {
  // A run may have begun before there was a count that there is now.
  const counts = { ...noCounts, ...run.counts };
  for (const name of Object.keys(more) as (keyof RunCounts)[]) counts[name] += more[name] ?? 0;
  return { ...run, counts };
}

export function runOf(state: RunState): Run {
  if (!state.run) throw new Error(`wrapper ${state.wrapperId} is executing without a run`);
  return state.run;
}
