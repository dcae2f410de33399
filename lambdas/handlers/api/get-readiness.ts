import { SystemRequest } from '../../contracts/requests.ts';
import { apiHandler } from '../../platform/api/api-handler.ts';
import { respond } from '../../platform/api/responses.ts';
import { systemFamily } from '../../platform/api/system-family.ts';
import { readEnv } from '../../platform/env.ts';
import { componentsNow } from '../../platform/status/system-checks.ts';
import { readinessView } from '../../platform/views/readiness-view.ts';

const components = componentsNow(readEnv('getReadiness'));

export const handler = apiHandler(
  'getReadiness',
  SystemRequest,
  async () => {
    const body = readinessView(await components());
    return respond(body.status === 'ready' ? 200 : 503, body);
  },
  { family: systemFamily },
);
