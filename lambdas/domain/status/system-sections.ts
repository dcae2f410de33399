import type { FeedTotals } from '../feeds/feed-totals.ts';
import type { SettledRuns } from '../run/settled-runs.ts';
import type { Heartbeat } from './heartbeat.ts';

/** What is collected of the system, each part by itself: any of them may be missing. */
export type SystemSections = {
  readonly queues: PollQueues;
  /** Messages that came again and are not done. */
  readonly redelivered: number;
  readonly runs: RunCounts;
  readonly feeds: FeedTotals;
  readonly tables: readonly TableContent[];
  /** Of all uploads. */
  readonly uploadBytes: number;
  /** As they are stored, expired ones included. */
  readonly beats: readonly Heartbeat[];
};

/** Messages in a queue, by the queue's own reckoning, which is a moment behind. */
export type QueueDepth = {
  /** For somebody to take them, those that are delayed included. */
  readonly waiting: number;
  /** Taken, and not done yet. */
  readonly inFlight: number;
};

/** Of polls: those to do, and those that came to nothing. */
export type PollQueues = { readonly polls: QueueDepth; readonly deadLetters: QueueDepth };

export type RunCounts = SettledRuns & { readonly unfinished: number };

/** What a table is for, without the history of it: wrappers and not their runs. */
export type TableContent = { readonly name: string; readonly keys: number; readonly bytes: number };
