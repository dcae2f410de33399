import { ExecutionRequest } from '../../contracts/requests.ts';
import { apiHandler } from '../../platform/api/api-handler.ts';
import { ok } from '../../platform/api/responses.ts';
import { readEnv } from '../../platform/env.ts';
import { systemClock } from '../../platform/system-clock.ts';
import { executionView } from '../../platform/views/execution-view.ts';
import { loadRun, loadState, wrapperStore } from '../../platform/wrappers/wrapper-store.ts';

const env = readEnv('getExecution');
const store = wrapperStore(env.WRAPPERS_TABLE);

export const handler = apiHandler('getExecution', ExecutionRequest, async ({ path }) => {
  const state = await loadState(store, path.wrapper_id);
  const run = await loadRun(store, state, path.execution_id);
  return ok(executionView(state.wrapperId, run, systemClock.now()));
});
