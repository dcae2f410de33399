import { WrapperRequest } from '../../contracts/requests.ts';
import { verdict } from '../../domain/run/health.ts';
import { apiHandler } from '../../platform/api/api-handler.ts';
import { ok } from '../../platform/api/responses.ts';
import { readEnv } from '../../platform/env.ts';
import { systemClock } from '../../platform/system-clock.ts';
import { runStates } from '../../platform/wrappers/run-states.ts';

const env = readEnv('getWrapperHealth');
const states = runStates(env.WRAPPERS_TABLE);

export const handler = apiHandler('getWrapperHealth', WrapperRequest, async ({ path }) => {
  const { status, executing } = verdict(await states.load(path.wrapper_id), systemClock.now());
  return ok({ wrapper_id: path.wrapper_id, health_status: status, is_actively_executing: executing });
});
