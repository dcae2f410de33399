import { type HttpService, startHttpService } from '../engine/http-service.ts';

type Options = { readonly log: (line: string) => void; readonly now: () => number };

/** Answers as the feeds' own servers would, by `/<host>/<path>`, on loopback. */
export function startReplay({ log }: Options): Promise<HttpService> {
  return startHttpService(0, ({ target }) => {
    log(`replay: nothing recorded for ${target}`);
    return { status: 404, headers: { 'content-type': 'text/plain' }, body: 'nothing recorded' };
  });
}
