import { mapConcurrently } from '../map-concurrently.ts';
import type { Adapter } from './adapter.ts';
import { type ChangedPart, type ChangedRecord, diffRecords } from './diff-records.ts';
import type { FeedRecord } from './feed-record.ts';
import type { ClosedRecord, FeedRecords } from './feed-store.ts';

/** A record that has gone is shown to whoever asks what has changed, for as long as a consumer may be away. */
const CLOSED_KEPT_MS = 7 * 24 * 60 * 60_000;
const WRITES_AT_ONCE = 16;

type Poll = {
  readonly adapter: Adapter;
  readonly due: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Fires when the poll's time is over: no write is begun after it. */
  readonly signal: AbortSignal;
};

/**
 * Writes the records of the changed parts that are new or different, and closes those that are gone. Only looks up what
 * is known when a part has changed. Not `complete` when time ran out: what was written stays, and the rest is found by
 * the next poll that compares.
 */
export async function writeChanges(
  changes: readonly ChangedPart[],
  { adapter, due, now, signal }: Poll,
  records: FeedRecords,
): Promise<{ readonly written: number; readonly complete: boolean }> {
  if (changes.length === 0) return { written: 0, complete: true };
  const { changed, gone } = diffRecords(changes, await records.known(adapter.id));
  // Each is stamped as it is written: who asks for changes goes by it, and must not miss one that comes long after.
  const writes = [
    ...changed.map((record) => () => records.put(recordOf(record, adapter, { cycle: due, updatedAt: now() }))),
    ...gone.map((recordId) => () => records.close(closedOf(recordId, adapter, { cycle: due, updatedAt: now() }))),
  ];
  let written = 0;
  await mapConcurrently(writes, WRITES_AT_ONCE, async (write) => {
    if (signal.aborted) return;
    await write();
    written += 1;
  });
  return { written, complete: written === writes.length };
}

type Times = Pick<FeedRecord, 'cycle' | 'updatedAt'>;

function closedOf(recordId: string, { id: adapterId }: Adapter, times: Times): ClosedRecord {
  return { ...times, adapterId, recordId, forgottenAt: times.updatedAt + CLOSED_KEPT_MS };
}

function recordOf(record: ChangedRecord, { id: adapterId, jurisdiction, feedType }: Adapter, times: Times): FeedRecord {
  return { ...record, ...times, adapterId, jurisdiction, feedType, forgottenAt: null };
}
