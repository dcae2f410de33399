import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { FeedRecord } from '../../domain/feeds/feed-record.ts';
import { pageRoom } from '../api/page-room.ts';
import { dynamo, storeCall } from '../dynamo.ts';
import { recordOf } from './feed-records.ts';

/** Where a page ended: the next one begins behind that record, or with the adapter's first (null). */
export type RecordPlace = { readonly adapterId: string; readonly recordId: string | null };

export type RecordQuery = {
  /** Ids, in the order of listing; the place to go on from is in one of them. */
  readonly adapters: readonly string[];
  /** Milliseconds since the epoch. With it, records that have left their feed since are among the others. */
  readonly updatedSince?: number | undefined;
  readonly limit: number;
  readonly after: RecordPlace | null;
};

/** It may hold fewer than asked for, none even, and yet not be the last: that is the one without a `next`. */
export type RecordPage = { readonly records: readonly FeedRecord[]; readonly next: RecordPlace | null };

/** A page is worth looking at so many records, or a hundred adapters, however few of them are wanted. */
const EFFORT = 2_000;
const EFFORT_PER_QUERY = 20;
/** Looked at in one query: of changed records there are few among the others, of closed ones too. */
const CHANGED_AMONG = 500;
const CLOSED_AMONG = 20;

/** Pages of records in the records table, adapter by adapter, then by id: the order does not move as records change. */
export function recordPages(table: string, now: () => number): (query: RecordQuery) => Promise<RecordPage> {
  return async (query) => {
    const records: FeedRecord[] = [];
    const fits = pageRoom();
    let effort = 0;
    for await (const { found, looked, place } of looks(table, query, now())) {
      for (const record of found) {
        const last = records.at(-1);
        const isFull = records.length === query.limit || !fits(record);
        if (last && isFull) return { records, next: { adapterId: last.adapterId, recordId: last.recordId } };
        records.push(record);
      }
      effort += Math.max(looked, EFFORT_PER_QUERY);
      if (effort >= EFFORT) return { records, next: place };
    }
    return { records, next: null };
  };
}

type Look = {
  readonly found: readonly FeedRecord[];
  readonly looked: number;
  /** Where the next look begins; null if this is the last. */
  readonly place: RecordPlace | null;
};

async function* looks(table: string, query: RecordQuery, now: number): AsyncGenerator<Look> {
  const { adapters, after } = query;
  let place = after ?? placeAt(adapters[0]);
  while (place !== null) {
    const { adapterId, recordId } = place;
    const {
      Items = [],
      ScannedCount = 0,
      LastEvaluatedKey,
    } = await storeCall(() => dynamo.send(new QueryCommand(lookAt(table, adapterId, recordId, query))));
    // Expired items may linger for days: they count as gone.
    const found = Items.map(recordOf).filter(({ forgottenAt }) => forgottenAt === null || forgottenAt > now);
    place =
      LastEvaluatedKey === undefined
        ? placeAt(adapters[adapters.indexOf(adapterId) + 1])
        : { adapterId, recordId: String(LastEvaluatedKey.record_id) };
    yield { found, looked: ScannedCount, place };
  }
}

function placeAt(adapterId: string | undefined): RecordPlace | null {
  return adapterId === undefined ? null : { adapterId, recordId: null };
}

function lookAt(table: string, adapterId: string, recordId: string | null, { updatedSince, limit }: RecordQuery) {
  const filter =
    updatedSince === undefined
      ? { FilterExpression: '#status <> :closed', ExpressionAttributeNames: { '#status': 'status' } }
      : { FilterExpression: 'updated_at >= :since' };
  const value = updatedSince === undefined ? { ':closed': 'closed' } : { ':since': updatedSince };
  return {
    TableName: table,
    KeyConditionExpression: 'adapter_id = :id',
    ...filter,
    ExpressionAttributeValues: { ':id': adapterId, ...value },
    // Twice the price, for what must not be missed: what is there now may be a second old.
    ConsistentRead: updatedSince !== undefined,
    Limit: updatedSince === undefined ? limit + CLOSED_AMONG : CHANGED_AMONG,
    ...(recordId !== null && { ExclusiveStartKey: { adapter_id: adapterId, record_id: recordId } }),
  };
}
