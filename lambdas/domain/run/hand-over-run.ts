import { handOver } from './control-steps.ts';
import type { ExecutionRef } from './executions.ts';
import { applyStep } from './step.ts';
import type { StopDeps } from './stop-run.ts';

/**
 * Goes on with a run in a fresh execution, before the history of the present one is full; done twice, it is done once.
 * A stop in between finds no execution of the new name to abort: one that is started after it is aborted here.
 *
 * `fenced`: the run is no longer the present execution's, or is being stopped.
 */
export async function handOverRun(present: ExecutionRef, deps: StopDeps): Promise<'handed-over' | 'fenced'> {
  const state = await deps.store.load(present.wrapperId);
  if (!state) return 'fenced';
  const handed = await applyStep(handOver(present.epoch, present.handover, deps.timing), state, deps);
  if (handed.outcome !== 'applied') return 'fenced';
  const next = { ...present, handover: present.handover + 1 };
  await deps.executions.start(next);
  const now = await deps.store.load(present.wrapperId);
  if (now?.epoch !== present.epoch) await deps.executions.stop(next);
  return 'handed-over';
}
