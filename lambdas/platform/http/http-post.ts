import type { HttpPost } from '../../destinations/ports.ts';
import { ConnectionFailure } from './connection-failure.ts';
import type { GuardedClient } from './guarded-client.ts';
import { readText } from './read-text.ts';

const ANSWER_BYTES = 1024 * 1024;

/** The destinations' way out, through the guarded client. */
export function httpPost(client: GuardedClient): HttpPost {
  return async ({ url, headers, body, signal }) => {
    try {
      const answer = await client.request({ method: 'POST', url, headers, body, signal });
      return { status: answer.status, headers: answer.headers, ...(await readText(answer, ANSWER_BYTES)) };
    } catch (error) {
      if (signal.aborted) return { unanswered: 'no answer in time', mendable: true };
      if (error instanceof ConnectionFailure) return { unanswered: error.message, mendable: error.mendable };
      throw error;
    }
  };
}
