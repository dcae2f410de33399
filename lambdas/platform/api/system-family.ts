import type { ApiFamily } from './api-family.ts';
import { respond } from './responses.ts';

/** `{"error", "details"?, "code"}`; the details of a bad request are all its problems, one per line. */
export const systemFamily: ApiFamily = {
  invalid: 'Invalid request',
  refuse: ({ status, message, issues }) =>
    respond(status, {
      error: message,
      details: issues?.map(({ path, message: problem }) => `${path}: ${problem}`).join('\n'),
      code: status,
    }),
};
