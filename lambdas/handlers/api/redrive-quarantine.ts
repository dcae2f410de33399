import { randomUUID } from 'node:crypto';
import { RedriveRequest } from '../../contracts/requests.ts';
import { RetryableError } from '../../domain/errors.ts';
import { awaitRun, executeRun } from '../../domain/run/execute-run.ts';
import { apiHandler } from '../../platform/api/api-handler.ts';
import { preferenceOf, withPreference } from '../../platform/api/prefer.ts';
import { readEnv } from '../../platform/env.ts';
import { runControl } from '../../platform/run-control.ts';
import { systemClock } from '../../platform/system-clock.ts';
import { stillExecutingView } from '../../platform/views/execute-view.ts';
import { redrivenView } from '../../platform/views/redriven-view.ts';
import { loadRun, loadState, wrapperStore } from '../../platform/wrappers/wrapper-store.ts';

const env = readEnv('redriveQuarantine');
const store = wrapperStore(env.WRAPPERS_TABLE);
const control = runControl(env, store);

/** Maps the quarantined rows of an execution again and sends those that fit now; waits for it as execute does. */
export const handler = apiHandler('redriveQuarantine', RedriveRequest, async ({ path, headers }) => {
  const wrapperId = path.wrapper_id;
  const preference = preferenceOf(headers.prefer, env.EXECUTE_WAIT_SECONDS);
  const until = systemClock.now() + preference.waitSeconds * 1000;
  const state = await loadState(store, wrapperId);
  const { epoch: redrives } = await loadRun(store, state, path.execution_id);
  const begun = await executeRun(wrapperId, { requestId: randomUUID(), from: { redrives } }, control);
  const epoch = begun.run?.epoch ?? 0;
  const { run, over } = await awaitRun(begun, epoch, until, control);
  const shown = run ?? (await store.history.loadRun(wrapperId, epoch));
  if (!shown) throw new RetryableError('the run is being replaced');
  return withPreference(over ? redrivenView(wrapperId, shown) : stillExecutingView(wrapperId, shown), preference);
});
