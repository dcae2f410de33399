import { WrapperRequest } from '../../contracts/requests.ts';
import { NotFoundError } from '../../domain/errors.ts';
import { type StopOutcome, stopRun } from '../../domain/run/stop-run.ts';
import { apiHandler } from '../../platform/api/api-handler.ts';
import { ok, respond } from '../../platform/api/responses.ts';
import { readEnv } from '../../platform/env.ts';
import { runControl } from '../../platform/run-control.ts';
import { measureStop } from '../../platform/run-metrics.ts';
import { systemClock } from '../../platform/system-clock.ts';
import { wrapperStore } from '../../platform/wrappers/wrapper-store.ts';

const env = readEnv('stopWrapper');
const control = runControl(env, wrapperStore(env.WRAPPERS_TABLE));

export const handler = apiHandler(
  'stopWrapper',
  WrapperRequest,
  async ({ path }) => {
    const began = systemClock.now();
    const outcome = await stopRun(path.wrapper_id, control);
    measureStop(systemClock.now() - began);
    return answer(path.wrapper_id, outcome);
  },
  { errors: (error) => (error instanceof NotFoundError ? stopError(error.message) : undefined) },
);

function answer(wrapperId: string, outcome: StopOutcome) {
  switch (outcome) {
    case 'process-not-found':
      return stopError('Process not found');
    case 'denied':
      return stopError('Permission denied');
    case 'failed':
      return ok({ wrapper_id: wrapperId, success: false, message: 'Failed to stop wrapper' });
    default:
      return ok({ wrapper_id: wrapperId, success: true, message: 'Wrapper stopped successfully' });
  }
}

function stopError(cause: string) {
  return respond(400, { detail: `Stop error: ${cause}` });
}
