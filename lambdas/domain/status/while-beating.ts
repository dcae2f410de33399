import type { Clock } from '../clock.ts';
import { BEAT_EVERY_MS } from './heartbeat.ts';

/** A store that is out of reach is not asked with each piece of work. */
const BEAT_AGAIN_MS = 10_000;

/**
 * Beats beside whatever work is done with the function that this answers: when the work begins, and again each minute
 * that it lasts, but never twice within a minute. A beat that has begun is waited for. `beat` answers whether it was
 * heard, and must not throw: what becomes of the work is not its business.
 */
export function whileBeating(
  beat: () => Promise<boolean>,
  clock: Clock,
): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let next = Number.NEGATIVE_INFINITY;
  const beatUntil = async (over: AbortSignal) => {
    while (!over.aborted) {
      const now = clock.now();
      if (now < next) {
        await clock.sleep(next - now, over);
      } else {
        // Before the beat: what begins meanwhile does not beat as well.
        next = now + BEAT_EVERY_MS;
        if (!(await beat())) next = now + BEAT_AGAIN_MS;
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
