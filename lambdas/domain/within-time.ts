import type { Clock } from './clock.ts';

/** The work took longer than it may. */
export class OverdueError extends Error {
  override readonly name = 'OverdueError';

  constructor(ms: number) {
    super(`timed out after ${ms / 1000} s`);
  }
}

/**
 * Waits for the work no longer than this, whether or not it heeds its signal, which tells it that nobody waits any more.
 * @throws OverdueError, or what the work throws
 */
export async function withinTime<Result>(
  ms: number,
  work: (signal: AbortSignal) => Promise<Result>,
  clock: Pick<Clock, 'sleep'>,
): Promise<Result> {
  const over = new AbortController();
  const limit = clock.sleep(ms, over.signal).then(() => {
    throw new OverdueError(ms);
  });
  try {
    return await Promise.race([work(over.signal), limit]);
  } finally {
    over.abort();
  }
}
