import { NotFoundError } from '../errors.ts';
import { finishStop, requestStop } from './control-steps.ts';
import type { Executions } from './executions.ts';
import type { RunState, Timing } from './run-state.ts';
import { type SettleDeps, settleRun } from './settle-run.ts';
import { applyStep } from './step.ts';

export type StopDeps = SettleDeps & {
  readonly executions: Executions;
  readonly timing: Timing;
};

export type StopOutcome = 'stopped' | 'was-not-executing' | 'process-not-found' | 'denied' | 'failed';

const LOOK_AGAIN_MS = 100;

/**
 * Stops a run: once this returns, no data point of it is sent and nothing of it is committed (promise I4).
 * No permit is given from the first write on; whatever may be in flight is waited for, at most until its
 * permit and the clock margin are over; then the epoch fences whatever is left, and its execution is aborted.
 */
export async function stopRun(wrapperId: string, deps: StopDeps): Promise<StopOutcome> {
  const state = await deps.store.load(wrapperId);
  if (!state || state.deleted) throw new NotFoundError('Wrapper not found');
  const asked = await applyStep(requestStop(), state, deps);
  const wasExecuting = asked.state.status === 'executing';
  const stopped = await drain(asked.state, asked.state.epoch, deps);
  await settleRun(stopped, deps);
  // It has come to an end of its own, perhaps while we waited.
  if (stopped.run?.outcome !== 'stopped') return 'was-not-executing';
  // Also when the run was stopped before: whoever did it may have failed to abort it.
  const outcome = await abortExecution(stopped, deps);
  return outcome === 'process-not-found' && !wasExecuting ? 'was-not-executing' : outcome;
}

/** Waits until nothing of the run can be in flight, then ends it. */
async function drain(asked: RunState, epoch: number, deps: StopDeps): Promise<RunState> {
  let state = asked;
  for (;;) {
    const finished = await applyStep(finishStop(epoch, deps.timing), state, deps);
    if (finished.outcome === 'applied') return finished.state;
    await deps.clock.sleep(LOOK_AGAIN_MS);
    state = (await deps.store.load(asked.wrapperId)) ?? finished.state;
  }
}

/** Aborts the execution that carries an ended run. */
export async function abortExecution(state: RunState, deps: StopDeps): Promise<StopOutcome> {
  if (!state.run) return 'process-not-found';
  const { wrapperId, run } = state;
  const outcome = await deps.executions.stop({ wrapperId, epoch: run.epoch, handover: run.handover });
  if (outcome !== 'not-found') return outcome;
  // Handed over on paper, not yet in fact: the execution before it is the one that runs.
  if (run.handover === 0) return 'process-not-found';
  const before = await deps.executions.stop({ wrapperId, epoch: run.epoch, handover: run.handover - 1 });
  return before === 'not-found' ? 'process-not-found' : before;
}
