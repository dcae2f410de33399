import type { HttpExchange } from '../../sources/api/ports.ts';
import { ConnectionFailure } from './connection-failure.ts';
import type { GuardedClient } from './guarded-client.ts';
import { readText } from './read-text.ts';

/** Longest wait for the headers of an answer: some reports take their time, and execute's caller waits. */
const ANSWER_WITHIN_MS = 15_000;
/** Longest time for all of it: a body that trickles for ever keeps within every other limit. */
const WHOLE_WITHIN_MS = 60_000;

/** The API sources' way out, through the guarded client. */
export function httpExchange(client: GuardedClient): HttpExchange {
  return async ({ method, url, headers, body, maxBytes, signal }) => {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(WHOLE_WITHIN_MS)]);
    try {
      const answer = await client.request({
        method,
        url,
        headers,
        answerWithinMs: ANSWER_WITHIN_MS,
        signal: deadline,
        ...(body === undefined ? {} : { body }),
      });
      const { status } = answer;
      return { status, url: answer.url, headers: answer.headers, ...(await readText(answer, maxBytes)) };
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (deadline.aborted) return { unanswered: 'Connection timeout', mendable: true };
      if (error instanceof ConnectionFailure) return { unanswered: error.message, mendable: error.mendable };
      throw error;
    }
  };
}
