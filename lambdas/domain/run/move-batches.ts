import type { Clock } from '../clock.ts';
import type { Accepted, Destination } from '../destination.ts';
import { RetryableError } from '../errors.ts';
import type { MappedBatch } from './batch.ts';
import { deliverBatch } from './deliver-batch.ts';
import type { HeldRun } from './held-run.ts';
import type { Memory } from './memory.ts';
import type { ReadAhead } from './read-ahead.ts';
import type { Checkpoint, Run, Timing } from './run-state.ts';
import { sourceLost } from './settle-plan.ts';
import { type CommittedBatch, commit, permit, type SliceRefusal } from './slice-steps.ts';
import { checkQuarantine, misfitOf } from './tally.ts';

export type MoveDeps = {
  readonly clock: Clock;
  readonly timing: Timing;
  readonly random: () => number;
  /** Milliseconds until this invocation is killed. */
  readonly remainingMs: () => number;
  readonly destination: Destination;
  readonly maxQuarantined: number;
  readonly memory: Memory;
  readonly rows: BatchRows;
};

/** What becomes of the rows of a batch in the store. Both may be repeated, and then change nothing. */
export type BatchRows = {
  /** Before it is sent: what is written here counts once it is committed. */
  before(run: Run, checkpoint: Checkpoint, batch: MappedBatch): Promise<void>;
  /** Once it is committed; never happens when the slice dies in between. */
  after(batch: MappedBatch): Promise<void>;
};

export type Moved =
  /** The source has no more; or time has run out. */
  | { readonly outcome: 'exhausted' | 'more' }
  /** The destination is to be tried again then. */
  | { readonly outcome: 'later'; readonly until: number }
  | { readonly outcome: SliceRefusal };

/** Kept free at the end of a slice for the last commit and the answer. */
const RESERVE_MS = 5_000;

/**
 * Moves batch after batch: permit, send, commit. While one is sent, the next is read.
 *
 * @throws RunFailure when source or destination are lost for good, or too many rows did not fit.
 */
export async function moveBatches(
  batches: ReadAhead<MappedBatch>,
  held: HeldRun,
  ended: AbortSignal,
  deps: MoveDeps,
): Promise<Moved> {
  const timer = batchTimer(deps);
  for (;;) {
    const ahead = await batches.next();
    if (ahead.kind === 'error') throw ahead.error instanceof RetryableError ? sourceLost(ahead.error) : ahead.error;
    if (ahead.kind === 'end') return { outcome: 'exhausted' };
    if (!timer.fits()) return { outcome: 'more' };
    const began = deps.clock.now();
    const stopped = await moveBatch(ahead.item, batches, held, ended, { ...deps, fits: timer.fits });
    if (stopped) return stopped;
    timer.took(deps.clock.now() - began);
  }
}

/** Answers why no other batch may follow, or null to go on. */
async function moveBatch(
  batch: MappedBatch,
  batches: ReadAhead<MappedBatch>,
  held: HeldRun,
  ended: AbortSignal,
  deps: MoveDeps & Pick<BatchTimer, 'fits'>,
): Promise<Moved | null> {
  const { bounds } = batch;
  // The write that committed the last batch has permitted this one already, if it was ready by then.
  const permitted = held.state().pending?.batchId === bounds.batchId && held.state().sendUntil !== null;
  if (isPinned(batch) && !permitted) {
    const given = await held.apply(permit(held.hand, bounds, deps.timing));
    if (given.outcome !== 'applied') return { outcome: given.outcome };
  }
  const { checkpoint } = held.state();
  batches.start();
  await deps.rows.before(runOf(held), checkpoint, batch);
  await deps.memory.keep(checkpoint.seq, batch.remember);
  const sent = await send(batch, held, ended, deps);
  if (sent.outcome !== 'accepted') return sent;
  const next = batches.ready();
  const nextBounds = next?.kind === 'item' && isPinned(next.item) && deps.fits() ? next.item.bounds : null;
  const done = committed(batch, checkpoint.seq, sent);
  const moved = await held.apply(commit(held.hand, done, nextBounds, deps.timing));
  if (moved.outcome !== 'applied') return { outcome: moved.outcome };
  await deps.rows.after(batch);
  await deps.memory.forget(batch.remember);
  checkQuarantine(moved.state.tally, deps.maxQuarantined);
  return null;
}

/**
 * Whatever leaves a trace outside of the state needs its bounds pinned first: points with the destination, and rows in
 * quarantine under the number of their batch. Another invocation might cut the same rows into other batches.
 */
function isPinned({ points, quarantined }: MappedBatch): boolean {
  return points.length > 0 || quarantined.length > 0;
}

function send(
  { bounds, points, marks, seq: own }: MappedBatch,
  held: HeldRun,
  ended: AbortSignal,
  deps: MoveDeps & Pick<BatchTimer, 'fits'>,
): ReturnType<typeof deliverBatch> {
  if (points.length === 0) return Promise.resolve({ outcome: 'accepted', bytes: 0 });
  const { wrapperId, checkpoint } = held.state();
  const { executionId } = runOf(held);
  const seq = own ?? checkpoint.seq;
  const outgoing = { wrapperId, executionId, batchId: bounds.batchId, seq, phase: marks?.phase ?? null, points };
  return deliverBatch(outgoing, bounds, held, ended, deps);
}

function committed(
  { bounds, points, quarantined, recordsRead, marks }: MappedBatch,
  seq: number,
  { bytes, fee = 0 }: Accepted,
): CommittedBatch {
  const { batchId, to } = bounds;
  const counts = { recordsRead, points: points.length, quarantined: quarantined.length };
  return { batchId, seq, to, ...counts, misfit: misfitOf(quarantined[0]), bytes, fee, marks };
}

function runOf(held: HeldRun): Run {
  const { wrapperId, run } = held.state();
  if (!run) throw new Error(`wrapper ${wrapperId} is executing without a run`);
  return run;
}

type BatchTimer = {
  /** Whether another batch, or attempt at one, would still fit after a pause. */
  readonly fits: (pauseMs?: number) => boolean;
  readonly took: (ms: number) => void;
};

/** Another batch is started only if the slowest so far, and one whole permit, would still fit. */
function batchTimer(deps: Pick<MoveDeps, 'timing' | 'remainingMs'>): BatchTimer {
  let slowest = deps.timing.sendMs;
  return {
    fits: (pauseMs = 0) => deps.remainingMs() > pauseMs + slowest + RESERVE_MS,
    took: (ms) => {
      slowest = Math.max(slowest, ms);
    },
  };
}
