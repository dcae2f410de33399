import { RunFailure } from '../../domain/errors.ts';
import type { GuardedClient } from './guarded-client.ts';

/** A client that makes so many requests and no more; redirects that are followed are part of theirs. */
export function limitedClient(client: GuardedClient, most: number): GuardedClient {
  let made = 0;
  return {
    async request(request) {
      made += 1;
      if (made > most) throw new RunFailure('failed', `it can't be found out with ${most} requests`);
      return client.request(request);
    },
    close: client.close,
  };
}
