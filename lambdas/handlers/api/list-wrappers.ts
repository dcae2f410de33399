import { ListWrappersRequest } from '../../contracts/requests.ts';
import { apiHandler } from '../../platform/api/api-handler.ts';
import { ok } from '../../platform/api/responses.ts';
import { readEnv } from '../../platform/env.ts';
import { showWrapper } from '../../platform/views/show-wrapper.ts';
import { wrapperStore } from '../../platform/wrappers/wrapper-store.ts';

const env = readEnv('listWrappers');
const store = wrapperStore(env.WRAPPERS_TABLE);

export const handler = apiHandler('listWrappers', ListWrappersRequest, async ({ query }) => {
  const page = await store.definitions.list(query);
  const states = await Promise.all(page.items.map((wrapperId) => store.states.load(wrapperId)));
  const shown = states.flatMap((state) => (state && !state.deleted ? [state] : []));
  const items = await Promise.all(shown.map((state) => showWrapper(store, state)));
  return ok({ items, next_cursor: page.nextCursor });
});
