import { declareLost } from './control-steps.ts';
import type { ExecutionRef } from './executions.ts';
import { type SettleDeps, settleRun } from './settle-run.ts';
import { applyStep } from './step.ts';

/** Records that a slice died without a word, after all its retries did. `error` is the state machine's name for it. */
export async function recordCrash({ wrapperId, epoch }: ExecutionRef, error: string, deps: SettleDeps): Promise<void> {
  const state = await deps.store.load(wrapperId);
  if (!state) return;
  const lost = await applyStep(declareLost(epoch, `The run ended unexpectedly: ${error}`), state, deps);
  await settleRun(lost.state, deps);
}
