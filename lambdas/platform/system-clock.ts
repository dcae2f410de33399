import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../domain/clock.ts';

export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    // An aborted sleep is over, not an error.
    await delay(ms, undefined, signal ? { signal } : {}).catch(() => undefined);
  },
};
