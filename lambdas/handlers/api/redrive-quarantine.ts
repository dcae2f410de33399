import { randomUUID } from 'node:crypto';
import { RedriveRequest } from '../../contracts/requests.ts';
import { executeRun } from '../../domain/run/execute-run.ts';
import { answerForRun, begunRun } from '../../platform/answer-for-run.ts';
import { apiHandler } from '../../platform/api/api-handler.ts';
import { preferenceOf, withPreference } from '../../platform/api/prefer.ts';
import { readEnv } from '../../platform/env.ts';
import { runControl } from '../../platform/run-control.ts';
import { systemClock } from '../../platform/system-clock.ts';
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
  const begun = begunRun(await executeRun(wrapperId, { requestId: randomUUID(), from: { redrives } }, control));
  return withPreference(await answerForRun(begun, until, redrivenView, { store, control }), preference);
});
