import { ListQuarantineRequest } from '../../contracts/requests.ts';
import { apiHandler } from '../../platform/api/api-handler.ts';
import { ok } from '../../platform/api/responses.ts';
import { readEnv } from '../../platform/env.ts';
import { loadRun, loadState, wrapperStore } from '../../platform/wrappers/wrapper-store.ts';

const env = readEnv('listQuarantine');
const store = wrapperStore(env.WRAPPERS_TABLE);

/** The rows of an execution that did not fit, in the order of the source. */
export const handler = apiHandler('listQuarantine', ListQuarantineRequest, async ({ path, query }) => {
  const state = await loadState(store, path.wrapper_id);
  const run = await loadRun(store, state, path.execution_id);
  const page = await store.history.listQuarantined(state.wrapperId, run, query);
  const items = page.items.map(({ row, rejected, raw }) => ({ row, reason: rejected, raw }));
  return ok({ items, next_cursor: page.nextCursor });
});
