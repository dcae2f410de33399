import type { FailureKind, RunFailure } from '../errors.ts';
import type { Position, WaterMarks } from '../source.ts';
import { addCounts, ended, fromTheBeginning, rested, runOf, withStrayPermit } from './run-changes.ts';
import type { Checkpoint, PendingBatch, RunState, Timing } from './run-state.ts';
import { apply, refuse, type Step } from './step.ts';
import { tallied } from './tally.ts';

/** Whose hand a slice acts by: an older epoch or attempt than the stored one is fenced. */
export type Hand = { readonly epoch: number; readonly attempt: number };

export type SliceRefusal = 'fenced' | 'stopping';

/** A batch that was acknowledged, or that had nothing to send. */
export type CommittedBatch = {
  readonly batchId: string;
  /** The checkpoint's `seq` that this batch started from. */
  readonly seq: number;
  readonly to: Position;
  readonly recordsRead: number;
  readonly points: number;
  readonly quarantined: number;
  /** The first row that did not fit, and why; null: all did. */
  readonly misfit: string | null;
  readonly bytes: number;
  /** Billionths of a dollar. */
  readonly fee: number;
  /** Where the water marks stand behind it; undefined: the source keeps none. */
  readonly marks?: WaterMarks | undefined;
};

/** Starts a slice: the attempt it is given fences every other invocation of the same slice. */
export function claim(epoch: number, memoryMb: number, timing: Timing): Step<SliceRefusal> {
  return (state, now) => {
    if (state.status !== 'executing' || state.epoch !== epoch || !state.run) return refuse('fenced', state);
    // A stop waits for the batch in flight: claiming now would fence its commit.
    if (state.stopRequested) return refuse('stopping', state);
    return apply({
      ...withStrayPermit(state),
      attempt: state.attempt + 1,
      leaseUntil: now + timing.leaseMs,
      waitingUntil: null,
      run: { ...addCounts(rested(state, now), { slices: 1 }), busySince: now, memoryMb },
    });
  };
}

/** Allows one batch to be sent until `sendUntil`, pinning its bounds. */
export function permit(hand: Hand, batch: PendingBatch, timing: Timing): Step<SliceRefusal> {
  return (state, now) => {
    if (!holds(state, hand)) return refuse('fenced', state);
    if (state.stopRequested) return refuse('stopping', state);
    return apply({ ...state, ...granted(batch, now, timing) });
  };
}

/**
 * Gives the permit back after a failed attempt, so that a stop need not wait for it. `since`: when the first one began;
 * `again`: patience counts anew from there, because the destination has named a time to come back.
 */
export function noteError(hand: Hand, error: string, since: number, timing: Timing, again = false): Step<SliceRefusal> {
  return (state, now) => {
    if (!holds(state, hand)) return refuse('fenced', state);
    return apply({
      ...state,
      sendUntil: null,
      leaseUntil: now + timing.leaseMs,
      failingSince: again ? since : (state.failingSince ?? since),
      recentErrorAt: now,
      recentError: error,
    });
  };
}

/**
 * Moves the checkpoint behind a batch and, unless a stop was requested, permits the next one in the same write.
 * Whether it did shows in `pending`. A batch in flight when a stop is requested may still be committed:
 * resuming then repeats nothing.
 */
export function commit(
  hand: Hand,
  batch: CommittedBatch,
  next: PendingBatch | null,
  timing: Timing,
): Step<SliceRefusal> {
  const commitId = `${batch.seq}:${batch.batchId}`;
  return (state, now) => {
    // First of all: what the state goes on to permit is permitted to the hand that holds it, and to no other.
    if (!holds(state, hand)) return refuse('fenced', state);
    if (state.lastCommitId === commitId) return { outcome: 'already', state };
    if (state.checkpoint.seq !== batch.seq) return refuse('fenced', state);
    const committed = afterCommit(state, batch, commitId, now, timing);
    return apply(next && !state.stopRequested ? { ...committed, ...granted(next, now, timing) } : committed);
  };
}

/** Ends a run whose source has no more. */
export function finish(hand: Hand): Step<SliceRefusal> {
  return (state, now) => {
    if (state.status === 'completed' && state.run?.epoch === hand.epoch) return { outcome: 'already', state };
    if (!holds(state, hand)) return refuse('fenced', state);
    if (state.stopRequested) return refuse('stopping', state);
    const exhausted = { ...state, checkpoint: { ...state.checkpoint, exhausted: true } };
    return apply({ ...ended(exhausted, 'completed', now), status: 'completed', errorMessage: null });
  };
}

/**
 * Ends a run that can't do its work; `atEnd`: all of its source was read. A stop that is on its way wins: the run is
 * then stopped, not failed.
 */
export function fail(hand: Hand, failure: Pick<RunFailure, 'kind' | 'message'>, atEnd = false): Step<SliceRefusal> {
  return (state, now) => {
    if (state.status === 'error' && state.run?.epoch === hand.epoch) return { outcome: 'already', state };
    if (!holds(state, hand)) return refuse('fenced', state);
    if (state.stopRequested) return refuse('stopping', state);
    const { message } = failure;
    const isRefused = isRefusal(state, failure.kind);
    const kind = isRefused ? failure.kind : 'failed';
    const next = ended(state, isRefused ? 'refused' : 'failed', now);
    return apply({
      ...next,
      status: 'error',
      errorMessage: message,
      checkpoint: atEnd ? { ...next.checkpoint, exhausted: true } : next.checkpoint,
      run: { ...runOf(next), failure: { kind, message } },
    });
  };
}

/** What shows at the first look, before any record was read, is answered as if no run had begun (contract W-2, W-11). */
function isRefusal({ run }: RunState, kind: FailureKind): boolean {
  return kind !== 'failed' && run?.counts.recordsRead === 0;
}

/** A sign of life. */
export function renew(hand: Hand, timing: Timing): Step<SliceRefusal> {
  return (state, now) =>
    holds(state, hand) ? apply({ ...state, leaseUntil: now + timing.leaseMs }) : refuse('fenced', state);
}

/** Starts a new lineage: the source has become another one since it was read to its end. */
export function rewind(hand: Hand): Step<SliceRefusal> {
  return (state, now) => {
    if (!holds(state, hand)) return refuse('fenced', state);
    return apply({ ...state, ...fromTheBeginning(state, now) });
  };
}

/** Keeps how the source is read with the run, for people. */
export function note(hand: Hand, notes: readonly string[]): Step<SliceRefusal> {
  return (state) => {
    if (!holds(state, hand)) return refuse('fenced', state);
    return apply({ ...state, run: { ...runOf(state), notes } });
  };
}

function afterCommit(state: RunState, batch: CommittedBatch, commitId: string, now: number, timing: Timing): RunState {
  const seq = batch.seq + 1;
  const run = addCounts(runOf(state), {
    recordsRead: batch.recordsRead,
    dataPointsSent: batch.points,
    quarantined: batch.quarantined,
    batches: 1,
    bytesSent: batch.bytes,
    fees: batch.fee,
  });
  return {
    ...state,
    pending: null,
    sendUntil: null,
    tally: tallied(state.tally, batch, state.setAside !== null),
    failingSince: null,
    leaseUntil: now + timing.leaseMs,
    lastCommitId: commitId,
    dataPointsCount: state.dataPointsCount + batch.points,
    lastDataSent: batch.points > 0 ? now : state.lastDataSent,
    lastProgressAt: batch.points > 0 ? now : state.lastProgressAt,
    quarantinedAt: batch.quarantined > 0 ? now : state.quarantinedAt,
    outage: null,
    throttledSince: null,
    checkpoint: { ...state.checkpoint, ...marksOf(batch), seq, position: batch.to, exhausted: false, updatedAt: now },
    run: { ...run, lastSeq: seq },
  };
}

function marksOf({ marks }: CommittedBatch): Partial<Checkpoint> {
  return marks ? { phase: marks.phase, highWaterMark: marks.high, lowWaterMark: marks.low } : {};
}

function granted(
  batch: PendingBatch,
  now: number,
  timing: Timing,
): Pick<RunState, 'pending' | 'sendUntil' | 'leaseUntil'> {
  return { pending: batch, sendUntil: now + timing.sendMs, leaseUntil: now + timing.leaseMs };
}

/** Whether the hand is still the one that may act. */
export function holds(state: RunState, hand: Hand): boolean {
  return state.status === 'executing' && state.epoch === hand.epoch && state.attempt === hand.attempt;
}
