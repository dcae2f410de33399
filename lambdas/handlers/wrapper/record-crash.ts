import type { CrashInput } from '../../contracts/payloads.ts';
import { declareLost } from '../../domain/run/control-steps.ts';
import { settleRun } from '../../domain/run/settle-run.ts';
import { applyStep } from '../../domain/run/step.ts';
import { readEnv } from '../../platform/env.ts';
import { runControl } from '../../platform/run-control.ts';
import { wrapperStore } from '../../platform/wrappers/wrapper-store.ts';

const env = readEnv('recordCrash');
const control = runControl(env, wrapperStore(env.WRAPPERS_TABLE));

/** Records that a slice died without a word, after all its retries did. */
export async function handler(input: CrashInput): Promise<void> {
  const state = await control.store.load(input.wrapper_id);
  if (!state) return;
  const message = `The run ended unexpectedly: ${input.error.Error}`;
  const lost = await applyStep(declareLost(input.epoch, message), state, control);
  await settleRun(lost.state, control);
}
