import { ListOfWrapperRequest } from '../../contracts/requests.ts';
import { apiHandler } from '../../platform/api/api-handler.ts';
import { ok } from '../../platform/api/responses.ts';
import { readEnv } from '../../platform/env.ts';
import { logLine } from '../../platform/views/wrapper-view.ts';
import { loadState, wrapperStore } from '../../platform/wrappers/wrapper-store.ts';

const env = readEnv('listLogs');
const store = wrapperStore(env.WRAPPERS_TABLE);

/** Newest first. */
export const handler = apiHandler('listLogs', ListOfWrapperRequest, async ({ path, query }) => {
  const { wrapperId } = await loadState(store, path.wrapper_id);
  const page = await store.history.listLogs(wrapperId, query);
  return ok({ items: page.items.map(logLine), next_cursor: page.nextCursor });
});
