import type { PollOutcome } from './upstream-fault.ts';

/**
 * What is kept of an adapter's polls, one item, at most a kilobyte for a feed of one part: a larger one costs a second
 * write unit in each poll. All instants in milliseconds since the epoch. It is replaced as a whole, under the
 * condition that it is still the revision it was made from.
 */
export type FeedHealth = {
  readonly adapterId: string;
  /** Grows by one with each write. */
  readonly revision: number;
  /** The due instant of the last poll whose result is in here: results of it and of earlier ones change nothing. */
  readonly cycle: number;
  readonly lastSuccess: number | null;
  readonly consecutiveFailures: number;
  /** Polls that came to either end, each counted once. */
  readonly completedPolls: number;
  readonly failedPolls: number;
  /** For people and for machines; both null after a success. */
  readonly lastError: string | null;
  readonly lastErrorCode: string | null;
  /** Of the last good poll. */
  readonly recordCount: number;
  readonly averageLatencyMs: number | null;
  readonly startedAt: number;
  readonly completedAt: number;
  readonly outcome: PollOutcome;
  /** Upstream asked not to be asked before; null if it did not. */
  readonly notBefore: number | null;
  /** By id of the part. */
  readonly parts: Readonly<Record<string, PartState>>;
};

/** What is known of a part since it was last read well. */
export type PartState = {
  readonly etag?: string;
  readonly lastModified?: string;
  /** Of its records: where it is the same as before, nothing has changed and nothing is looked up. */
  readonly digest: string;
  readonly records: number;
  readonly publishedAt: number | null;
};
