import type { TableSpec } from '../../../local/storage/dynamodb/tables.ts';
import { startTables } from '../start-tables.ts';

/** A table of `lib/state-stack.ts` with a partition key and a sort key. */
function table(name: string, partition: string, sort: string): TableSpec {
  return {
    name,
    AttributeDefinitions: [partition, sort].map((key) => ({ AttributeName: key, AttributeType: 'S' as const })),
    KeySchema: [
      { AttributeName: partition, KeyType: 'HASH' },
      { AttributeName: sort, KeyType: 'RANGE' },
    ],
  };
}

export const feedsTables: readonly TableSpec[] = [
  table('feeds', 'part', 'adapter_id'),
  table('records', 'adapter_id', 'record_id'),
];

/** Starts a DynamoDB with the tables of feeds: to be called before the SDK's first use. */
export async function startFeedsTables(): Promise<{
  readonly feeds: string;
  readonly records: string;
  close(): Promise<void>;
}> {
  const database = await startTables(feedsTables);
  return { feeds: 'feeds', records: 'records', close: database.close };
}
