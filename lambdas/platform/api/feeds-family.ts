import { feedsMeta } from '../views/feeds-meta.ts';
import type { ApiFamily, Refusal } from './api-family.ts';
import { respond } from './responses.ts';

const codes: Readonly<Record<Refusal['status'], string>> = {
  400: 'INVALID_PARAMETER',
  403: 'FORBIDDEN',
  404: 'ADAPTER_NOT_FOUND',
  409: 'CONFLICT',
  500: 'INTERNAL_ERROR',
  503: 'SERVICE_UNAVAILABLE',
};

/** `{"error": {"code", "message"}, "_meta"}`. */
export const feedsFamily: ApiFamily = {
  invalid: 'Invalid parameter',
  refuse: ({ status, message }, call) =>
    respond(status, { error: { code: codes[status], message }, _meta: feedsMeta(call) }),
};
