import { randomUUID } from 'node:crypto';
import { CreateWrapperRequest } from '../../contracts/requests.ts';
import { newRunState } from '../../domain/run/run-state.ts';
import { apiHandler } from '../../platform/api/api-handler.ts';
import { respond } from '../../platform/api/responses.ts';
import { readEnv } from '../../platform/env.ts';
import { systemClock } from '../../platform/system-clock.ts';
import { wrapperView } from '../../platform/views/wrapper-view.ts';
import { runSettingsOf, wrapperStore } from '../../platform/wrappers/wrapper-store.ts';

const env = readEnv('createWrapper');
const store = wrapperStore(env.WRAPPERS_TABLE);

export const handler = apiHandler(
  'createWrapper',
  CreateWrapperRequest,
  async ({ body }) => {
    const wrapperId = randomUUID();
    const definitionId = randomUUID();
    const state = newRunState(wrapperId, runSettingsOf(definitionId, body), systemClock.now());
    // The state comes last: it is what makes the wrapper exist.
    await store.definitions.put(wrapperId, definitionId, body);
    await store.states.create(state);
    return respond(201, wrapperView(state, body, []), { Location: `/resources/wrappers/${wrapperId}` });
  },
  // A limited key could not touch what it has made.
  { invalid: 'Invalid wrapper', forAllWrappers: true },
);
