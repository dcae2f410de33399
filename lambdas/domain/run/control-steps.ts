import { ended, fromTheBeginning, readingSetAside, runOf, withStrayPermit } from './run-changes.ts';
import {
  type Checkpoint,
  executionIdOf,
  noCounts,
  type Run,
  type RunEnd,
  type RunSettings,
  type RunState,
  type Timing,
} from './run-state.ts';
import { withSettled } from './settled-runs.ts';
import { apply, refuse, type Step } from './step.ts';
import { noTally } from './tally.ts';

/** Where reading starts: where it ended last, at the beginning, or at an earlier checkpoint. */
export type Placement = 'checkpoint' | 'start' | Checkpoint;

/** Where a run starts; or the run whose quarantine it re-drives, by its epoch. */
export type StartFrom = Placement | { readonly redrives: number };

/**
 * Begins a run. `dead`: the present one must be declared lost first; `unsettled`: the last one's record isn't written
 * yet; `draining`: invocations that were fenced may still be writing rows into the quarantine that is to be re-driven.
 */
export function begin(
  requestId: string,
  from: StartFrom,
  timing: Timing,
): Step<'not-found' | 'running' | 'dead' | 'unsettled' | 'draining'> {
  return (state, now) => {
    if (state.deleted) return refuse('not-found', state);
    if (state.run?.requestId === requestId) return { outcome: 'already', state };
    if (state.status === 'executing') return refuse(isDead(state, now, timing) ? 'dead' : 'running', state);
    if (!state.settled) return refuse('unsettled', state);
    const redrives = redrivenBy(from);
    if (redrives !== null && !isPast(state.strayUntil, now, timing)) return refuse('draining', state);
    const placed = {
      ...state,
      ...(redrives === null ? startingAt(state, from as Placement, now) : readingSetAside(state)),
    };
    const epoch = state.epoch + 1;
    return apply({
      ...placed,
      status: 'executing',
      errorMessage: null,
      epoch,
      attempt: 0,
      stopRequested: false,
      leaseUntil: now + timing.leaseMs,
      waitingUntil: null,
      outage: null,
      throttledSince: null,
      failingSince: null,
      recentErrorAt: null,
      recentError: null,
      quarantinedAt: null,
      settled: false,
      run: { ...newRun(placed, epoch, requestId, now), redrives },
    });
  };
}

/** Asks the run to end. From here on no new batch is permitted. */
export function requestStop(): Step<never> {
  return (state) =>
    state.status === 'executing' && !state.stopRequested
      ? apply({ ...state, stopRequested: true })
      : { outcome: 'already', state };
}

/**
 * Ends the run of `epoch` once nothing of it can be under way any more; fences whatever is left of it. A run that has
 * come to another end is waited for too: invocations that were fenced before it may still be sending.
 */
export function finishStop(epoch: number, timing: Timing): Step<'draining'> {
  return (state, now) => {
    if (!isPast(state.strayUntil, now, timing)) return refuse('draining', state);
    if (state.status !== 'executing' || state.epoch !== epoch) return { outcome: 'already', state };
    if (!state.stopRequested || !isPast(state.sendUntil, now, timing)) return refuse('draining', state);
    return apply({ ...ended(state, 'stopped', now), status: 'stopped', epoch: state.epoch + 1 });
  };
}

/** Ends the run of `epoch` if it still gives no sign of life: one may have come since it was looked at. */
export function declareDead(epoch: number, message: string, timing: Timing): Step<'alive'> {
  const lost = declareLost(epoch, message);
  return (state, now) => {
    const isOver = state.status !== 'executing' || state.epoch !== epoch;
    return isOver || isDead(state, now, timing) ? lost(state, now) : refuse('alive', state);
  };
}

/** Ends the run of `epoch` that died without a word; if a stop was on its way, the stop is what it ends in. */
export function declareLost(epoch: number, message: string): Step<never> {
  return (state, now) => {
    if (state.status !== 'executing' || state.epoch !== epoch) return { outcome: 'already', state };
    const fenced = { ...withStrayPermit(state), epoch: state.epoch + 1 };
    if (state.stopRequested) return apply({ ...ended(fenced, 'stopped', now), status: 'stopped' });
    const lost = ended(fenced, 'lost', now);
    return apply({ ...lost, status: 'error', errorMessage: message, run: withFailure(lost, message) });
  };
}

/** Gives up a run that could not be started: health stays as it was. It was started after all if a slice claimed it. */
export function abandon(epoch: number, message: string): Step<'started'> {
  return (state, now) => {
    if (state.status !== 'executing' || state.epoch !== epoch) return { outcome: 'already', state };
    if (state.attempt > 0) return refuse('started', state);
    const next = ended({ ...state, epoch: state.epoch + 1 }, 'refused', now);
    const run = next.run && { ...next.run, failure: { kind: 'unavailable' as const, message } };
    return apply({ ...next, status: 'error', errorMessage: message, run });
  };
}

/** Names the next execution of the same run. A stop that is under way aborts the present one. */
export function handOver(epoch: number, handover: number, timing: Timing): Step<'fenced' | 'stopping'> {
  return (state, now) => {
    if (state.status !== 'executing' || state.epoch !== epoch || !state.run) return refuse('fenced', state);
    if (state.run.handover === handover + 1) return { outcome: 'already', state };
    if (state.run.handover !== handover) return refuse('fenced', state);
    if (state.stopRequested) return refuse('stopping', state);
    return apply({ ...state, leaseUntil: now + timing.leaseMs, run: { ...state.run, handover: handover + 1 } });
  };
}

/** The record and the log entry of the ended run are written: it counts, once. */
export function markSettled(epoch: number): Step<never> {
  return (state) =>
    state.status !== 'executing' && !state.settled && state.epoch === epoch
      ? apply({ ...state, settled: true, settledRuns: withSettled(state.settledRuns, runOf(state).outcome) })
      : { outcome: 'already', state };
}

/** A changed definition, in place of the one it was compared with. The pending batch was made by the old one; another source is read from its beginning. */
export function configure(
  settings: RunSettings,
  before: { readonly definitionId: string; readonly anotherSource: boolean },
): Step<'not-found' | 'executing' | 'changed'> {
  const { anotherSource } = before;
  return (state, now) => {
    if (state.deleted) return refuse('not-found', state);
    if (state.status === 'executing') return refuse('executing', state);
    if (state.definitionId === settings.definitionId) return { outcome: 'already', state };
    if (state.definitionId !== before.definitionId) return refuse('changed', state);
    return apply({
      ...state,
      ...settings,
      ...(anotherSource ? fromTheBeginning(state, now) : { pending: null }),
      tally: noTally,
    });
  };
}

/** Moves the checkpoint by hand: to an earlier one, or to the beginning. */
export function moveCheckpoint(to: Placement): Step<'not-found' | 'executing'> {
  return (state, now) => {
    if (state.deleted) return refuse('not-found', state);
    if (state.status === 'executing') return refuse('executing', state);
    return apply({ ...state, ...startingAt(state, to, now) });
  };
}

/** From here on the wrapper is unknown to everyone but the purge. */
export function markDeleted(): Step<'executing'> {
  return (state) => {
    if (state.deleted) return { outcome: 'already', state };
    if (state.status === 'executing') return refuse('executing', state);
    return apply({ ...state, deleted: true, settled: false });
  };
}

/** No sign of life for longer than its lease, and nothing it may still be sending. */
export function isDead(state: RunState, now: number, timing: Timing): boolean {
  return [state.leaseUntil, state.sendUntil, state.strayUntil].every((until) => isPast(until, now, timing));
}

/** Past by every clock that is within the margin. */
function isPast(until: number | null, now: number, timing: Timing): boolean {
  return until === null || until + timing.marginMs < now;
}

/** The epoch of the run whose quarantine a run re-drives; null: it reads the source. */
export function redrivenBy(from: StartFrom): number | null {
  return typeof from === 'object' && 'redrives' in from ? from.redrives : null;
}

function startingAt(state: RunState, from: Placement, now: number): Partial<RunState> {
  if (from === 'checkpoint') return {};
  const rewound = fromTheBeginning(state, now);
  if (from === 'start') return rewound;
  // The plan stays that of the lineage which `from` is of: its position means nothing by another.
  const { seq, lineage } = rewound.checkpoint;
  return { ...rewound, checkpoint: { ...from, seq, lineage, exhausted: false, updatedAt: now } };
}

function newRun(state: RunState, epoch: number, requestId: string, now: number): Run {
  return {
    executionId: executionIdOf(state.wrapperId, epoch),
    epoch,
    handover: 0,
    requestId,
    startedAt: now,
    endedAt: null,
    outcome: 'executing',
    before: lastEnd(state),
    failure: null,
    counts: noCounts,
    lastSeq: state.checkpoint.seq,
    caughtUpAt: null,
    memoryMb: 0,
    busySince: null,
    notes: [],
    redrives: null,
  };
}

function lastEnd({ run }: RunState): RunEnd | null {
  if (!run || run.outcome === 'refused') return run?.before ?? null;
  return { outcome: run.outcome, endedAt: run.endedAt };
}

function withFailure(state: RunState, message: string): Run | null {
  return state.run && { ...state.run, failure: { kind: 'failed', message } };
}
