import type { TableSpec } from '../../local/storage/dynamodb/tables.ts';

/** The table of `lib/constructs/heartbeats-table.ts`. */
export const heartbeatsTable: TableSpec = {
  name: 'heartbeats',
  AttributeDefinitions: ['type', 'hostname'].map((name) => ({ AttributeName: name, AttributeType: 'S' as const })),
  KeySchema: [
    { AttributeName: 'type', KeyType: 'HASH' },
    { AttributeName: 'hostname', KeyType: 'RANGE' },
  ],
  TimeToLiveSpecification: { AttributeName: 'expires_at', Enabled: true },
};
