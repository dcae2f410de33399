import { SystemRequest } from '../../contracts/requests.ts';
import { apiHandler } from '../../platform/api/api-handler.ts';
import { respond } from '../../platform/api/responses.ts';
import { systemFamily } from '../../platform/api/system-family.ts';
import { readEnv } from '../../platform/env.ts';
import { componentsNow } from '../../platform/status/system-checks.ts';
import { systemClock } from '../../platform/system-clock.ts';
import { systemStatusView } from '../../platform/views/system-status-view.ts';

const env = readEnv('getSystemStatus');
const components = componentsNow(env);
const startedAt = systemClock.now();

export const handler = apiHandler(
  'getSystemStatus',
  SystemRequest,
  async (_, { now }) => {
    const status = { components: await components(), version: env.VERSION, uptimeMs: now - startedAt };
    const body = systemStatusView(status);
    return respond(body.status === 'ok' ? 200 : 503, body);
  },
  { family: systemFamily },
);
