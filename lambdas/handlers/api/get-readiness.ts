import { SystemRequest } from '../../contracts/requests.ts';
import { keptFor } from '../../domain/kept-for.ts';
import { apiHandler } from '../../platform/api/api-handler.ts';
import { respond } from '../../platform/api/responses.ts';
import { systemFamily } from '../../platform/api/system-family.ts';
import { readEnv } from '../../platform/env.ts';
import { componentsNow } from '../../platform/status/system-checks.ts';
import { systemClock } from '../../platform/system-clock.ts';
import { readinessView } from '../../platform/views/readiness-view.ts';

/** Anybody may ask: so many questions a second are not as many to each service, whose answers are counted, too. */
const SHARED_MS = 1000;

const components = keptFor(SHARED_MS, componentsNow(readEnv('getReadiness')), systemClock.now);

export const handler = apiHandler(
  'getReadiness',
  SystemRequest,
  async () => {
    const body = readinessView(await components());
    return respond(body.status === 'ready' ? 200 : 503, body);
  },
  { family: systemFamily },
);
