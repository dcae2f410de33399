import type { TableSpec } from '../../local/storage/dynamodb/tables.ts';
import { startTables } from './start-tables.ts';

const key = (name: string) => ({ AttributeName: name, AttributeType: 'S' as const });
const index = (name: string, sort: string) => ({
  IndexName: name,
  KeySchema: [
    { AttributeName: name, KeyType: 'HASH' as const },
    { AttributeName: sort, KeyType: 'RANGE' as const },
  ],
  Projection: { ProjectionType: 'KEYS_ONLY' as const },
});

/** The wrappers table of `lib/state-stack.ts`. */
export const wrappersTable: TableSpec = {
  name: 'wrappers',
  AttributeDefinitions: ['wrapper_id', 'item', 'running', 'listed', 'listed_key'].map(key),
  KeySchema: [
    { AttributeName: 'wrapper_id', KeyType: 'HASH' },
    { AttributeName: 'item', KeyType: 'RANGE' },
  ],
  GlobalSecondaryIndexes: [index('running', 'wrapper_id'), index('listed', 'listed_key')],
  TimeToLiveSpecification: { AttributeName: 'expires_at', Enabled: true },
};

/** Starts a DynamoDB with the wrappers table: to be called before the SDK's first use. */
export async function startWrappersTable(): Promise<{ readonly table: string; close(): Promise<void> }> {
  return { table: wrappersTable.name, ...(await startTables([wrappersTable])) };
}
