import { SystemRequest } from '../../contracts/requests.ts';
import { apiHandler } from '../../platform/api/api-handler.ts';
import { respond } from '../../platform/api/responses.ts';
import { systemFamily } from '../../platform/api/system-family.ts';
import { readEnv } from '../../platform/env.ts';
import { ownSandbox } from '../../platform/status/own-sandbox.ts';
import { componentsNow } from '../../platform/status/system-checks.ts';
import { systemSections } from '../../platform/status/system-sections.ts';
import { systemClock } from '../../platform/system-clock.ts';
import { systemStatusView } from '../../platform/views/system-status-view.ts';

const env = readEnv('getSystemStatus');
const look = componentsNow(env);
const collect = systemSections(env);

export const handler = apiHandler(
  'getSystemStatus',
  SystemRequest,
  async () => {
    const [components, sections] = await Promise.all([look(), collect()]);
    const own = { ...ownSandbox(), type: 'api' } as const;
    const body = systemStatusView({
      components,
      sections,
      version: env.VERSION,
      queueUrl: env.POLL_QUEUE_URL,
      own,
      now: systemClock.now(),
    });
    return respond(body.status === 'ok' ? 200 : 503, body);
  },
  { family: systemFamily },
);
