import type { ApiCall } from '../api/api-family.ts';
import { isoSeconds } from '../api/responses.ts';

/** What every answer of the feeds family has, errors included; health has nothing else (contract M-1). */
export function feedsMeta({ requestId, now }: ApiCall) {
  return { request_id: `req_${requestId}`, response_generated_at: isoSeconds(now) };
}
