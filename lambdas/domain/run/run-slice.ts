import type { Destination } from '../destination.ts';
import { RunFailure, ThrottledError } from '../errors.ts';
import { FileChanged } from '../file-changed.ts';
import type { MapRecord } from '../mapping/map-record.ts';
import type { ReadingPlan, Source, SourceBatch } from '../source.ts';
import { type MappedBatch, mapBatch } from './batch.ts';
import { type HeldRun, holdRun } from './held-run.ts';
import { keepLease } from './keep-lease.ts';
import { type Memory, openMemory } from './memory.ts';
import { type BatchRows, moveBatches } from './move-batches.ts';
import { outageEntry, outlastsTrouble } from './outage.ts';
import { readAhead } from './read-ahead.ts';
import { type Rest, wait, waitOut } from './rest-steps.ts';
import type { RunState, Timing } from './run-state.ts';
import type { RunHistory } from './run-store.ts';
import { changedSince, settlePlan } from './settle-plan.ts';
import { type SettleDeps, settleRun } from './settle-run.ts';
import { fencedEnd, hasLostLease, refusedEnd, type SliceEnd } from './slice-end.ts';
import { claim, fail, finish } from './slice-steps.ts';
import { applyStep } from './step.ts';
import { allMisfit, checkQuarantine } from './tally.ts';

/** What a wrapper's definition comes to at run time. */
export type Work = {
  readonly source: Source;
  readonly destination: Destination;
  /** Throws `RunFailure` when the mapping does not fit the source. */
  readonly mapRecord: (plan: ReadingPlan) => MapRecord;
  readonly batchSize: number;
  readonly maxQuarantined: number;
  /** What is done with the rows of a batch besides sending them; by default those that don't fit are set aside. */
  readonly rows?: BatchRows;
};

export type SliceDeps = SettleDeps & {
  readonly timing: Timing;
  readonly random: () => number;
  readonly memoryMb: number;
  /** Milliseconds until this invocation is killed. */
  readonly remainingMs: () => number;
  /** Told when the run was taken from a slice that was still at work: it had given no sign of life for too long. */
  readonly onLeaseLost: () => void;
  /** Throws `RunFailure` when the definition can't be used. */
  readonly open: (state: RunState) => Promise<Work>;
};

/**
 * Moves batches until the source is exhausted, the run is fenced or being stopped, or time runs out. The checkpoint
 * moves only after the destination has acknowledged: a crash repeats a batch under the same id and never skips one
 * (docs/promises.md).
 */
export async function runSlice(
  run: { readonly wrapperId: string; readonly epoch: number },
  deps: SliceDeps,
): Promise<SliceEnd> {
  const stored = await deps.store.load(run.wrapperId);
  if (!stored) return { outcome: 'fenced' };
  const claimed = await applyStep(claim(run.epoch, deps.memoryMb, deps.timing), stored, deps);
  if (claimed.outcome !== 'applied') return refusedEnd(claimed.outcome, deps);
  const held = holdRun(claimed.state, deps);
  const ended = new AbortController();
  const lease = keepLease(held, ended, deps);
  try {
    const end = await work(held, ended.signal, deps).catch((error: unknown) =>
      ended.signal.aborted ? ({ outcome: 'fenced' } as const) : failRun(held, error, deps),
    );
    if (end.outcome !== 'fenced') return end;
    if (hasLostLease(held)) deps.onLeaseLost();
    return fencedEnd(held);
  } finally {
    // Whatever still reads or sends ends with the slice: a frozen sandbox must not thaw with a request in hand.
    ended.abort();
    await lease;
    await keepCheckpoint(claimed.state, held, deps);
    await settleRun(held.latest(), deps);
  }
}

async function work(held: HeldRun, ended: AbortSignal, deps: SliceDeps): Promise<SliceEnd> {
  const opened = await deps.open(held.state());
  checkQuarantine(held.state().tally, opened.maxQuarantined);
  const settled = await settlePlan(opened.source, held, ended, deps);
  if (settled.outcome === 'nothing-new') return endOfSource(held, deps);
  if (settled.outcome !== 'read') return refusedEnd(settled.outcome, deps);
  const { plan } = settled;
  const { wrapperId, checkpoint } = held.state();
  const memory = await openMemory(wrapperId, checkpoint, plan, deps.history);
  const map = opened.mapRecord(plan);
  const reading = new AbortController();
  const batches = readAhead(mapped(opened, plan, map, held, memory, AbortSignal.any([ended, reading.signal])));
  try {
    const { destination, maxQuarantined, rows = setAside(wrapperId, deps.history) } = opened;
    const moved = await moveBatches(batches, held, ended, { ...deps, destination, maxQuarantined, memory, rows });
    if (moved.outcome === 'exhausted') return await endOfSource(held, deps);
    if (moved.outcome === 'later') return await rest(held, moved.until, 'refused', deps);
    return moved.outcome === 'more' ? { outcome: 'more' } : refusedEnd(moved.outcome, deps);
  } finally {
    reading.abort();
    await batches.close();
  }
}

/**
 * The pending batch first, within the bounds that were pinned; then whatever comes after it. A source that gives other
 * records within the same bounds than before (an API may) makes another batch of them, under another id: under the
 * old one, a destination that has seen it would not look at what is new.
 */
async function* mapped(
  opened: Work,
  plan: ReadingPlan,
  map: MapRecord,
  held: HeldRun,
  memory: Memory,
  signal: AbortSignal,
): AsyncGenerator<MappedBatch> {
  const { pending, checkpoint } = held.state();
  const { batchSize, source } = opened;
  const request = { plan, batchSize, signal, isRemembered: memory.isRemembered };
  const prepared = (batch: SourceBatch): Promise<MappedBatch> => {
    memory.note(batch);
    return mapBatch(batch, map, held.state(), signal);
  };
  if (pending) {
    for await (const batch of source.read({ ...request, from: pending.from, until: pending.to })) {
      yield await prepared(batch);
    }
  }
  const from = pending ? pending.to : checkpoint.position;
  for await (const batch of source.read({ ...request, from })) yield await prepared(batch);
}

function setAside(wrapperId: string, history: RunHistory): BatchRows {
  return {
    before: (run, checkpoint, { quarantined }) => history.putQuarantined(wrapperId, run, checkpoint, quarantined),
    after: async () => undefined,
  };
}

/** Nothing is left to read: the run is complete, or rests until its next look. */
async function endOfSource(held: HeldRun, deps: SliceDeps): Promise<SliceEnd> {
  const state = held.state();
  if (state.setAside) return complete(held, deps);
  const fresh = state.checkpoint.position === null;
  // A continuous run may well begin before its first data.
  if (fresh && state.mode === 'once')
    throw new RunFailure('failed', 'No data rows: the source is empty or has only a header');
  if (state.mode === 'continuous')
    return rest(held, deps.clock.now() + state.intervalSeconds * 1000, 'caught-up', deps);
  const failure = allMisfit(state.tally);
  return failure ? giveUp(held, failure, deps, true) : complete(held, deps);
}

async function complete(held: HeldRun, deps: SliceDeps): Promise<SliceEnd> {
  const finished = await held.apply(finish(held.hand));
  return finished.outcome === 'applied' ? { outcome: 'finished' } : refusedEnd(finished.outcome, deps);
}

async function rest(held: HeldRun, until: number, because: Rest, deps: SliceDeps): Promise<SliceEnd> {
  const resting = await held.apply(wait(held.hand, until, because, deps.timing));
  return resting.outcome === 'applied' ? { outcome: 'wait', until } : refusedEnd(resting.outcome, deps);
}

/** The run rests until source and destination may be back; its log tells once that they are away. */
async function restOut(held: HeldRun, reason: string, deps: SliceDeps): Promise<SliceEnd> {
  const resting = await held.apply(waitOut(held.hand, reason, deps.timing));
  if (resting.outcome !== 'applied') return refusedEnd(resting.outcome, deps);
  const { wrapperId, run, outage, waitingUntil } = resting.state;
  if (run && outage) {
    const { key, entry } = outageEntry(run, outage);
    await deps.history.putLog(wrapperId, key, entry);
  }
  return { outcome: 'wait', until: waitingUntil ?? deps.clock.now() };
}

/** What can't be done at all ends the run here; everything else is the state machine's to retry. */
async function failRun(held: HeldRun, error: unknown, deps: SliceDeps): Promise<SliceEnd> {
  if (error instanceof ThrottledError) return rest(held, error.retryAt, 'throttled', deps);
  if (!(error instanceof RunFailure)) throw error;
  if (error.mayMend && outlastsTrouble(held.state())) return restOut(held, error.message, deps);
  const failure = error instanceof FileChanged ? changedSince(held.state(), error) : error;
  return giveUp(held, failure, deps);
}

async function giveUp(held: HeldRun, failure: RunFailure, deps: SliceDeps, atEnd = false): Promise<SliceEnd> {
  const failed = await held.apply(fail(held.hand, failure, atEnd));
  return failed.outcome === 'applied' ? { outcome: 'failed' } : refusedEnd(failed.outcome, deps);
}

/** One entry of the checkpoint's history per slice that moved it; a re-drive's position is nowhere to go back to. */
async function keepCheckpoint(before: RunState, held: HeldRun, deps: SliceDeps): Promise<void> {
  if (before.setAside || held.latest().deleted) return;
  const { wrapperId, checkpoint } = held.state();
  if (checkpoint.seq !== before.checkpoint.seq) await deps.history.putCheckpoint(wrapperId, checkpoint);
}
