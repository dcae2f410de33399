import { ListQuarantineRequest } from '../../contracts/requests.ts';
import { deliveredRows } from '../../domain/run/quarantine.ts';
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
  const gone = deliveredRows(state.run, (epoch) => store.history.loadRun(state.wrapperId, epoch));
  const page = await store.quarantine.list(state.wrapperId, run, query, gone);
  const items = page.items.map(({ row, rejected, raw, rest }) => ({
    row,
    reason: rejected,
    raw,
    redrivable: rest !== undefined,
  }));
  return ok({ items, next_cursor: page.nextCursor });
});
