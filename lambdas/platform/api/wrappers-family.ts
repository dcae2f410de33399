import type { ApiFamily } from './api-family.ts';
import { respond } from './responses.ts';

/** `{"detail"}`, and what is wrong with a request field by field. */
export const wrappersFamily: ApiFamily = {
  invalid: 'Invalid request',
  refuse: ({ status, message, issues }) => respond(status, { detail: message, errors: issues }),
};
