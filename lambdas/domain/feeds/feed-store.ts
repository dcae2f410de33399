import type { FeedHealth } from './feed-health.ts';
import type { FeedRecord } from './feed-record.ts';

/** What is kept of feeds. Every call throws `RetryableError` when the store is out of reach. */
export type FeedHealths = {
  /** Of all adapters that have been polled, those no longer registered included. */
  all(): Promise<readonly FeedHealth[]>;
  /** As it is now; null if there is none. */
  get(adapterId: string): Promise<FeedHealth | null>;
  /** Stores `next` in place of revision `next.revision - 1` (0: none yet); answers false when that is not what is there. */
  replace(next: FeedHealth): Promise<boolean>;
};

/** The last cycle that each adapter has completed, apart from its health: what is left when a health item is lost. */
export type CompletedCycles = {
  all(): Promise<ReadonlyMap<string, number>>;
  get(adapterId: string): Promise<number | null>;
  /** Keeps the later of the two instants, which are cycles: when a poll was due. */
  record(adapterId: string, cycle: number): Promise<void>;
};

export type FeedRecords = {
  /** What is needed to tell what has changed, of every record of the adapter that is not forgotten. */
  known(adapterId: string): Promise<readonly KnownRecord[]>;
  /** Unless a later poll has written the same record. */
  put(record: FeedRecord): Promise<void>;
  /** Marks a record that has gone from the feed, unless a later poll has written it. */
  close(record: ClosedRecord): Promise<void>;
};

export type ClosedRecord = Pick<FeedRecord, 'adapterId' | 'recordId' | 'updatedAt' | 'cycle'> & {
  readonly forgottenAt: number;
};

export type KnownRecord = Pick<FeedRecord, 'recordId' | 'partId' | 'digest' | 'status' | 'aliases'>;
