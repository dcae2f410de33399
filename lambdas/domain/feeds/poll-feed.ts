import type { Clock } from '../clock.ts';
import type { Adapter } from './adapter.ts';
import { latestStart } from './due-times.ts';
import { judgeFault, judgeReadings } from './judge-readings.ts';
import { type FeedReadingDeps, readFeed } from './read-feed.ts';
import type { PartReading } from './read-part.ts';
import { type DuePoll, type PollReport, type SettlingDeps, type StartedPoll, settlePoll } from './settle-poll.ts';
import { UpstreamFault } from './upstream-fault.ts';

export type PollDeps = Omit<SettlingDeps, 'clock'> &
  Pick<FeedReadingDeps, 'fetch' | 'secret' | 'onBug'> & { readonly clock: Clock };

/**
 * One poll of one feed. When nothing has changed it costs the store two writes and no read; each record that has
 * changed is one write more.
 *
 * Throws `RetryableError` when the store fails, which is no fault of the feed: the poll is to be delivered again.
 */
export async function pollFeed(poll: DuePoll, adapter: Adapter, deps: PollDeps): Promise<PollReport> {
  const startedAt = Math.max(deps.clock.now(), poll.due);
  const isLate = startedAt > latestStart(adapter, poll.health, poll.due);
  return withDeadline(adapter.deadlineSeconds * 1000, deps.clock, (signal) => {
    const judge = isLate ? lateJudge(startedAt - poll.due) : readingJudge(adapter, signal, deps);
    return settlePoll({ ...poll, adapter, startedAt, signal, judge }, deps);
  });
}

function readingJudge(adapter: Adapter, signal: AbortSignal, deps: PollDeps): StartedPoll['judge'] {
  let readings: readonly PartReading[] = [];
  return async (health) => {
    try {
      readings = await readFeed(adapter, health, readings, { ...deps, now: deps.clock.now, signal });
      return judgeReadings(readings, health);
    } catch (error) {
      if (error instanceof UpstreamFault) return judgeFault(error, health);
      throw error;
    }
  };
}

/** A poll begun so late could still be going when the next one begins. */
function lateJudge(lagMs: number): StartedPoll['judge'] {
  const message = `the poll came ${Math.round(lagMs / 1000)} s late out of the queue, and was left to the next`;
  const fault = new UpstreamFault('internal_failure', 'INTERNAL_QUEUE_DELAY', message);
  return async (health) => judgeFault(fault, health);
}

/** Does this with a signal that fires when its time is over; leaves no timer behind. */
async function withDeadline<Result>(
  ms: number,
  clock: Clock,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const deadline = new AbortController();
  const done = new AbortController();
  const watch = clock.sleep(ms, done.signal).then(() => deadline.abort());
  try {
    return await work(deadline.signal);
  } finally {
    done.abort();
    await watch;
  }
}
