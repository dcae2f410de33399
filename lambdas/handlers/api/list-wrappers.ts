import { ListWrappersRequest } from '../../contracts/requests.ts';
import { apiHandler } from '../../platform/api/api-handler.ts';
import { ok } from '../../platform/api/responses.ts';
import { readEnv } from '../../platform/env.ts';
import { showWrappers } from '../../platform/views/show-wrapper.ts';
import { listAll, listAmong } from '../../platform/wrappers/list-states.ts';
import { wrapperStore } from '../../platform/wrappers/wrapper-store.ts';

const env = readEnv('listWrappers');
const store = wrapperStore(env.WRAPPERS_TABLE);

export const handler = apiHandler('listWrappers', ListWrappersRequest, async ({ query }, { caller }) => {
  const page = caller.wrapperIds
    ? await listAmong(store.states, caller.wrapperIds, query)
    : await listAll(store, query);
  return ok(await showWrappers(store, page));
});
