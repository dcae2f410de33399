import { WrapperRequest } from '../../contracts/requests.ts';
import { apiHandler } from '../../platform/api/api-handler.ts';
import { ok } from '../../platform/api/responses.ts';
import { readEnv } from '../../platform/env.ts';
import { systemClock } from '../../platform/system-clock.ts';
import { monitoringView } from '../../platform/views/monitoring-view.ts';
import { runStates } from '../../platform/wrappers/run-states.ts';

const env = readEnv('getWrapperMonitoring');
const states = runStates(env.WRAPPERS_TABLE);

export const handler = apiHandler(
  'getWrapperMonitoring',
  WrapperRequest,
  async ({ path }) => ok(monitoringView(path.wrapper_id, await states.load(path.wrapper_id), systemClock.now())),
  { unknownWrapper: (wrapperId, { now }) => ok(monitoringView(wrapperId, null, now)) },
);
