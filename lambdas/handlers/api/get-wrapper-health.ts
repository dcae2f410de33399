import { WrapperRequest } from '../../contracts/requests.ts';
import { apiHandler } from '../../platform/api/api-handler.ts';
import { ok } from '../../platform/api/responses.ts';
import { readEnv } from '../../platform/env.ts';
import { systemClock } from '../../platform/system-clock.ts';
import { healthView } from '../../platform/views/health-view.ts';
import { runStates } from '../../platform/wrappers/run-states.ts';

const env = readEnv('getWrapperHealth');
const states = runStates(env.WRAPPERS_TABLE);

export const handler = apiHandler(
  'getWrapperHealth',
  WrapperRequest,
  async ({ path }) => ok(healthView(path.wrapper_id, await states.load(path.wrapper_id), systemClock.now())),
  { unknownWrapper: (wrapperId, { now }) => ok(healthView(wrapperId, null, now)) },
);
