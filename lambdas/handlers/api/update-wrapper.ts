import { randomUUID } from 'node:crypto';
import { UpdateWrapperRequest } from '../../contracts/requests.ts';
import { ConflictError, NotFoundError } from '../../domain/errors.ts';
import { configure } from '../../domain/run/control-steps.ts';
import { applyStep } from '../../domain/run/step.ts';
import { stopRun } from '../../domain/run/stop-run.ts';
import { apiHandler } from '../../platform/api/api-handler.ts';
import { ok } from '../../platform/api/responses.ts';
import { readEnv } from '../../platform/env.ts';
import { runControl } from '../../platform/run-control.ts';
import { showWrapper } from '../../platform/views/show-wrapper.ts';
import { loadState, runSettingsOf, wrapperStore } from '../../platform/wrappers/wrapper-store.ts';

const env = readEnv('updateWrapper');
const store = wrapperStore(env.WRAPPERS_TABLE);
const control = runControl(env, store);

export const handler = apiHandler(
  'updateWrapper',
  UpdateWrapperRequest,
  async ({ path, query, body }) => {
    const wrapperId = path.wrapper_id;
    if (query.stop) await stopRun(wrapperId, control);
    const state = await loadState(store, wrapperId);
    const before = await store.definitions.load(wrapperId, state.definitionId);
    const definitionId = randomUUID();
    await store.definitions.put(wrapperId, definitionId, body);
    const anotherSource = JSON.stringify(before.source) !== JSON.stringify(body.source);
    const step = configure(runSettingsOf(definitionId, body), { definitionId: state.definitionId, anotherSource });
    const configured = await applyStep(step, state, control);
    // The definition before it stays: whoever has read the state a moment ago is about to read it.
    if (configured.outcome !== 'applied') await store.definitions.delete(wrapperId, definitionId);
    if (configured.outcome === 'not-found') throw new NotFoundError('Wrapper not found');
    if (configured.outcome === 'executing') {
      throw new ConflictError('Wrapper is executing; stop it first, or change it with ?stop=true');
    }
    if (configured.outcome === 'changed') throw new ConflictError('Wrapper was changed by another request meanwhile');
    return ok(await showWrapper(store, configured.state));
  },
  { invalid: 'Invalid wrapper' },
);
