import type { Clock } from '../../lambdas/domain/clock.ts';

/** A clock on which waiting takes no time: each sleep leaps to its end. `slept` keeps every wait in milliseconds. */
export function leapingClock(
  start = Date.parse('2026-03-03T10:35:22Z'),
): Clock & { readonly slept: readonly number[] } {
  let now = start;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    async sleep(ms) {
      slept.push(ms);
      now += ms;
    },
  };
}
