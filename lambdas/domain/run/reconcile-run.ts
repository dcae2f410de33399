import { declareDead, declareLost, finishStop, isDead } from './control-steps.ts';
import { LOST_MESSAGE } from './execute-run.ts';
import type { ExecutionRef } from './executions.ts';
import type { RunState } from './run-state.ts';
import { settleRun } from './settle-run.ts';
import { applyStep } from './step.ts';
import { abortExecution, type StopDeps } from './stop-run.ts';

export type ReconcileDeps = StopDeps & {
  /** Removes all that is kept of a deleted wrapper, its state last. */
  readonly purge: (wrapperId: string) => Promise<void>;
};

export type Reconciled = 'nothing' | 'settled' | 'stopped' | 'restarted' | 'lost' | 'purged';

/** Mends what a crash in the middle of execute, stop, slice or delete has left of one wrapper. */
export async function reconcileRun(wrapperId: string, deps: ReconcileDeps): Promise<Reconciled> {
  const state = await deps.store.load(wrapperId);
  return state ? mendRun(state, deps) : 'nothing';
}

/** The same of a wrapper whose state was just loaded. */
export async function mendRun(state: RunState, deps: ReconcileDeps): Promise<Reconciled> {
  if (state.deleted) {
    await deps.purge(state.wrapperId);
    return 'purged';
  }
  if (state.status !== 'executing') {
    if (state.settled) return 'nothing';
    await settleRun(state, deps);
    return 'settled';
  }
  if (state.stopRequested) return completeStop(state, deps);
  return isDead(state, deps.clock.now(), deps.timing) ? reviveOrBury(state, deps) : 'nothing';
}

/**
 * The execution of a run has ended, says an event: best effort, perhaps late, perhaps twice. Only an event of the
 * current execution means anything.
 */
export async function buryRun(ended: ExecutionRef, status: string, deps: ReconcileDeps): Promise<Reconciled> {
  const state = await deps.store.load(ended.wrapperId);
  if (state?.status !== 'executing' || state.epoch !== ended.epoch || state.run?.handover !== ended.handover)
    return 'nothing';
  if (state.stopRequested) return completeStop(state, deps);
  const lost = await applyStep(declareLost(state.epoch, `${LOST_MESSAGE} (${status})`), state, deps);
  await settleRun(lost.state, deps);
  return 'lost';
}

/** A stop whose caller died: ended here as soon as nothing can be in flight. */
async function completeStop(state: RunState, deps: ReconcileDeps): Promise<Reconciled> {
  const stopped = await applyStep(finishStop(state.epoch, deps.timing), state, deps);
  if (stopped.outcome === 'draining') return 'nothing';
  await settleRun(stopped.state, deps);
  await abortExecution(stopped.state, deps);
  return 'stopped';
}

async function reviveOrBury(state: RunState, deps: ReconcileDeps): Promise<Reconciled> {
  const execution = await deps.executions.describe(refOf(state));
  // Between slices, or its function is being retried: it may come back, and is shown as CRASHED until it does.
  if (execution === 'running') return 'nothing';
  // Its caller died between the write and the start: of the run, or of the execution it was handed over to.
  const neverStarted = state.attempt === 0 || (state.run?.handover ?? 0) > 0;
  if (execution === 'not-found' && neverStarted) {
    await deps.executions.start(refOf(state));
    return 'restarted';
  }
  const lost = await applyStep(declareDead(state.epoch, LOST_MESSAGE, deps.timing), state, deps);
  if (lost.outcome === 'alive') return 'nothing';
  await settleRun(lost.state, deps);
  return 'lost';
}

function refOf(state: RunState): ExecutionRef {
  return { wrapperId: state.wrapperId, epoch: state.epoch, handover: state.run?.handover ?? 0 };
}
