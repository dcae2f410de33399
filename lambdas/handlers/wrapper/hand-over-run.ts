import type { SliceInput } from '../../contracts/payloads.ts';
import { handOver } from '../../domain/run/control-steps.ts';
import { applyStep } from '../../domain/run/step.ts';
import { readEnv } from '../../platform/env.ts';
import { runControl } from '../../platform/run-control.ts';
import { wrapperStore } from '../../platform/wrappers/wrapper-store.ts';

const env = readEnv('handOverRun');
const control = runControl(env, wrapperStore(env.WRAPPERS_TABLE));

/** Goes on with the run in a fresh execution, before the history of this one is full. */
export async function handler(input: SliceInput): Promise<void> {
  const state = await control.store.load(input.wrapper_id);
  if (!state) return;
  const handed = await applyStep(handOver(input.epoch, input.handover, control.timing), state, control);
  if (handed.outcome !== 'applied') return;
  await control.executions.start({
    wrapperId: input.wrapper_id,
    epoch: input.epoch,
    handover: input.handover + 1,
  });
}
