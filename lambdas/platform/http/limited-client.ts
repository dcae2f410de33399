import { RunFailure } from '../../domain/errors.ts';
import type { GuardedClient } from './guarded-client.ts';

/** A client that makes so many requests and no more; each redirect that is followed is one. */
export function limitedClient(client: GuardedClient, most: number): GuardedClient {
  let made = 0;
  return {
    request: (request) =>
      client.request({
        ...request,
        beforeEach() {
          made += 1;
          if (made > most) throw new RunFailure('failed', `it can't be found out with ${most} requests`);
        },
      }),
    close: client.close,
  };
}
