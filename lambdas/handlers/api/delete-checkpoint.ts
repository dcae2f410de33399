import { WrapperRequest } from '../../contracts/requests.ts';
import { apiHandler } from '../../platform/api/api-handler.ts';
import { noContent } from '../../platform/api/responses.ts';
import { readEnv } from '../../platform/env.ts';
import { placeCheckpoint } from '../../platform/wrappers/place-checkpoint.ts';
import { wrapperStore } from '../../platform/wrappers/wrapper-store.ts';

const env = readEnv('deleteCheckpoint');
const store = wrapperStore(env.WRAPPERS_TABLE);

/** The next run starts at the beginning. */
export const handler = apiHandler('deleteCheckpoint', WrapperRequest, async ({ path }) => {
  await placeCheckpoint(store, path.wrapper_id, 'start');
  return noContent();
});
