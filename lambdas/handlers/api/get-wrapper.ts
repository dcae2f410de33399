import { WrapperRequest } from '../../contracts/requests.ts';
import { apiHandler } from '../../platform/api/api-handler.ts';
import { ok } from '../../platform/api/responses.ts';
import { readEnv } from '../../platform/env.ts';
import { showWrapper } from '../../platform/views/show-wrapper.ts';
import { loadState, wrapperStore } from '../../platform/wrappers/wrapper-store.ts';

const env = readEnv('getWrapper');
const store = wrapperStore(env.WRAPPERS_TABLE);

export const handler = apiHandler('getWrapper', WrapperRequest, async ({ path }) =>
  ok(await showWrapper(store, await loadState(store, path.wrapper_id))),
);
