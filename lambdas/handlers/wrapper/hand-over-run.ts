import type { HandoverResult, SliceInput } from '../../contracts/payloads.ts';
import { handOverRun } from '../../domain/run/hand-over-run.ts';
import { readEnv } from '../../platform/env.ts';
import { runControl } from '../../platform/run-control.ts';
import { beating } from '../../platform/status/beating.ts';
import { wrapperStore } from '../../platform/wrappers/wrapper-store.ts';

const env = readEnv('handOverRun');
const control = runControl(env, wrapperStore(env.WRAPPERS_TABLE));

/** Goes on with the run in a fresh execution. */
export const handler = beating(
  'handOverRun',
  async ({ wrapper_id, epoch, handover }: SliceInput): Promise<HandoverResult> => {
    return { outcome: await handOverRun({ wrapperId: wrapper_id, epoch, handover }, control) };
  },
);
