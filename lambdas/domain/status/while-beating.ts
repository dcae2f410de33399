import type { Clock } from '../clock.ts';
import { BEAT_EVERY_MS } from './heartbeat.ts';

/**
 * Beats beside whatever work is done with the function that this answers: when the work begins, and again each minute
 * that it lasts, but never twice within a minute. A beat that has begun is waited for. `beat` must not throw: what
 * becomes of the work is not its business.
 */
export function whileBeating(
  beat: () => Promise<void>,
  clock: Clock,
): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let next = Number.NEGATIVE_INFINITY;
  const beatUntil = async (over: AbortSignal) => {
    while (!over.aborted) {
      const now = clock.now();
      if (now < next) {
        await clock.sleep(next - now, over);
      } else {
        // Before the beat: one that fails is not tried again with each piece of work.
        next = now + BEAT_EVERY_MS;
        await beat();
      }
    }
  };
  return async (work) => {
    const over = new AbortController();
    const beats = beatUntil(over.signal);
    try {
      return await work();
    } finally {
      over.abort();
      await beats;
    }
  };
}
