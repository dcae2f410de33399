import { setTimeout as sleep } from 'node:timers/promises';
import { type HttpService, startHttpService } from '../engine/http-service.ts';
import { answerAt } from './answer-at.ts';

type Options = { readonly log: (line: string) => void; readonly now: () => number };

/** Answers as the feeds' own servers would, by `/<host>/<path>`, on loopback: made up, by the clock. */
export function startReplay({ log, now }: Options): Promise<HttpService> {
  return startHttpService(0, async (request) => {
    const answer = answerAt(now(), request);
    if (answer === null) {
      // Without its query, in which keys are.
      log(`replay: no feed has ${request.target.replace(/\?.*/, '')}`);
      return { status: 404, headers: { 'content-type': 'text/plain' }, body: 'no such feed' };
    }
    // An answer that is still to come keeps nobody waiting who wants to end.
    await sleep(answer.delayMs, undefined, { ref: false });
    return answer.response;
  });
}
