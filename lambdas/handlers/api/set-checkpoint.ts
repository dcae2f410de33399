import { SetCheckpointRequest } from '../../contracts/requests.ts';
import { apiHandler } from '../../platform/api/api-handler.ts';
import { ok } from '../../platform/api/responses.ts';
import { readEnv } from '../../platform/env.ts';
import { checkpointView } from '../../platform/views/wrapper-view.ts';
import { placeCheckpoint } from '../../platform/wrappers/place-checkpoint.ts';
import { wrapperStore } from '../../platform/wrappers/wrapper-store.ts';

const env = readEnv('setCheckpoint');
const store = wrapperStore(env.WRAPPERS_TABLE);

export const handler = apiHandler('setCheckpoint', SetCheckpointRequest, async ({ path, body }) => {
  const { wrapperId, checkpoint } = await placeCheckpoint(store, path.wrapper_id, body.id);
  return ok({ wrapper_id: wrapperId, checkpoint: checkpointView(checkpoint) });
});
