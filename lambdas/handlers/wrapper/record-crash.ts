import type { CrashInput } from '../../contracts/payloads.ts';
import { recordCrash } from '../../domain/run/record-crash.ts';
import { readEnv } from '../../platform/env.ts';
import { runControl } from '../../platform/run-control.ts';
import { beating } from '../../platform/status/beating.ts';
import { wrapperStore } from '../../platform/wrappers/wrapper-store.ts';

const env = readEnv('recordCrash');
const control = runControl(env, wrapperStore(env.WRAPPERS_TABLE));

/** The run's execution has given up. */
export const handler = beating('recordCrash', ({ wrapper_id, epoch, handover, error }: CrashInput) =>
  recordCrash({ wrapperId: wrapper_id, epoch, handover }, error.Error, control),
);
