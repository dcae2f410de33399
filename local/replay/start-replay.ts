import { setTimeout as sleep } from 'node:timers/promises';
import { type HttpService, startHttpService } from '../engine/http-service.ts';
import { answerAt } from './answer-at.ts';

type Options = { readonly log: (line: string) => void; readonly now: () => number };

/** Answers as the feeds' own servers would, by `/<host>/<path>`, on loopback: made up, by the clock. */
export async function startReplay({ log, now }: Options): Promise<HttpService> {
  const closing = new AbortController();
  const service = await startHttpService(0, async (request) => {
    const answer = answerAt(now(), request);
    if (answer === null) {
      log(`replay: no feed has ${request.target.replace(/\?.*/, '')}`);
      return { status: 404, headers: { 'content-type': 'text/plain' }, body: 'no such feed' };
    }
    await sleep(answer.delayMs, undefined, { signal: closing.signal });
    return answer.response;
  });
  return {
    ...service,
    close() {
      closing.abort();
      return service.close();
    },
  };
}
