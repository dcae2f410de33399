import { setImmediate as settled } from 'node:timers/promises';
import type { Clock } from '../../lambdas/domain/clock.ts';

export type ManualClock = Clock & {
  /** The same time as seen by a machine whose clock is off by `ms`. */
  skewed(ms: number): Clock;
  /** Lets time pass, from one sleeper's end to the next, until the promise settles; answers what it settled to. */
  run<T>(promise: Promise<T>): Promise<T>;
  /** Lets exactly this much time pass. */
  advance(ms: number): Promise<void>;
  /** Called before anybody wakes to a new instant, with the one before it. */
  onTick: (now: number, before: number) => void;
};

type Sleeper = { readonly at: number; readonly wake: () => void };

/** An ordinary morning; only differences matter. */
export const MORNING = Date.parse('2026-03-03T10:00:00Z');

/** A virtual clock: sleeping takes no real time, and sleepers wake in the order of their instants, always the same. */
export function manualClock(start = MORNING): ManualClock {
  let now = start;
  const sleepers: Sleeper[] = [];

  function sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const sleeper = { at: now + Math.max(0, ms), wake };
      function wake(): void {
        signal?.removeEventListener('abort', wake);
        const index = sleepers.indexOf(sleeper);
        if (index >= 0) sleepers.splice(index, 1);
        resolve();
      }
      signal?.addEventListener('abort', wake, { once: true });
      const later = sleepers.findIndex((other) => other.at > sleeper.at);
      sleepers.splice(later < 0 ? sleepers.length : later, 0, sleeper);
    });
  }

  function wakeNext(): void {
    const [next] = sleepers;
    if (!next) return;
    const before = now;
    now = Math.max(now, next.at);
    if (now > before) clock.onTick(now, before);
    next.wake();
  }

  const clock: ManualClock = {
    onTick: () => undefined,
    now: () => now,
    sleep,
    skewed: (ms) => ({ now: () => now + ms, sleep }),
    run(promise) {
      let done = false;
      const finish = () => {
        done = true;
      };
      promise.then(finish, finish);
      return new Promise((resolve, reject) => {
        // Fakes wait for nothing but promises and this clock: one turn of the event loop lets all of them get on.
        const turn = () => {
          if (done) return resolve(promise);
          if (sleepers.length === 0)
            return reject(new Error('nothing is left that could happen, yet something is waited for'));
          wakeNext();
          setImmediate(turn);
        };
        setImmediate(turn);
      });
    },
    async advance(ms) {
      const until = now + ms;
      await settled();
      while (sleepers[0] && sleepers[0].at <= until) {
        wakeNext();
        await settled();
      }
      now = until;
    },
  };
  return clock;
}
