import { SystemRequest } from '../../contracts/requests.ts';
import { apiHandler } from '../../platform/api/api-handler.ts';
import { ok } from '../../platform/api/responses.ts';
import { systemFamily } from '../../platform/api/system-family.ts';

/** That it answers is the answer. */
export const handler = apiHandler('getSystemHealth', SystemRequest, async () => ok({ status: 'ok' }), {
  family: systemFamily,
});
