import { WrapperRequest } from '../../contracts/requests.ts';
import { sourceCheckpoint } from '../../domain/run/run-state.ts';
import { apiHandler } from '../../platform/api/api-handler.ts';
import { ok } from '../../platform/api/responses.ts';
import { readEnv } from '../../platform/env.ts';
import { checkpointView } from '../../platform/views/wrapper-view.ts';
import { loadState, wrapperStore } from '../../platform/wrappers/wrapper-store.ts';

const env = readEnv('getCheckpoint');
const store = wrapperStore(env.WRAPPERS_TABLE);

export const handler = apiHandler('getCheckpoint', WrapperRequest, async ({ path }) => {
  const state = await loadState(store, path.wrapper_id);
  return ok({ wrapper_id: state.wrapperId, checkpoint: checkpointView(sourceCheckpoint(state)) });
});
