import { DeleteWrapperRequest } from '../../contracts/requests.ts';
import { ConflictError } from '../../domain/errors.ts';
import { markDeleted } from '../../domain/run/control-steps.ts';
import { applyStep } from '../../domain/run/step.ts';
import { stopRun } from '../../domain/run/stop-run.ts';
import { apiHandler } from '../../platform/api/api-handler.ts';
import { noContent } from '../../platform/api/responses.ts';
import { readEnv } from '../../platform/env.ts';
import { runControl } from '../../platform/run-control.ts';
import { loadState, wrapperStore } from '../../platform/wrappers/wrapper-store.ts';

const env = readEnv('deleteWrapper');
const store = wrapperStore(env.WRAPPERS_TABLE);
const control = runControl(env, store);

/** The wrapper is gone at once; what it left behind is removed by the reconciler, however much it is. */
export const handler = apiHandler('deleteWrapper', DeleteWrapperRequest, async ({ path, query }) => {
  const wrapperId = path.wrapper_id;
  if (query.stop) await stopRun(wrapperId, control);
  const deleted = await applyStep(markDeleted(), await loadState(store, wrapperId), control);
  if (deleted.outcome === 'executing') {
    throw new ConflictError('Wrapper is executing; stop it first, or delete it with ?stop=true');
  }
  return noContent();
});
