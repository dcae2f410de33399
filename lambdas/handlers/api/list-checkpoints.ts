import { ListOfWrapperRequest } from '../../contracts/requests.ts';
import { apiHandler } from '../../platform/api/api-handler.ts';
import { ok } from '../../platform/api/responses.ts';
import { readEnv } from '../../platform/env.ts';
import { checkpointView } from '../../platform/views/wrapper-view.ts';
import { loadState, wrapperStore } from '../../platform/wrappers/wrapper-store.ts';

const env = readEnv('listCheckpoints');
const store = wrapperStore(env.WRAPPERS_TABLE);

/** One per slice and per ended run, newest first. */
export const handler = apiHandler('listCheckpoints', ListOfWrapperRequest, async ({ path, query }) => {
  const { wrapperId } = await loadState(store, path.wrapper_id);
  const page = await store.history.listCheckpoints(wrapperId, query);
  return ok({ items: page.items.map(checkpointView), next_cursor: page.nextCursor });
});
