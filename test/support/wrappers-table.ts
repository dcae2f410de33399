import type { TableSpec } from '../../local/storage/dynamodb/tables.ts';
import { startStorage } from '../../local/storage/start-storage.ts';
import { temporaryDirectory } from './temporary-directory.ts';

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
const wrappers: TableSpec = {
  name: 'wrappers',
  AttributeDefinitions: ['wrapper_id', 'item', 'running', 'listed', 'listed_key'].map(key),
  KeySchema: [
    { AttributeName: 'wrapper_id', KeyType: 'HASH' },
    { AttributeName: 'item', KeyType: 'RANGE' },
  ],
  GlobalSecondaryIndexes: [index('running', 'wrapper_id'), index('listed', 'listed_key')],
  TimeToLiveSpecification: { AttributeName: 'expires_at', Enabled: true },
};

/** Starts a DynamoDB with the wrappers table and points the SDK's own settings at it: to be called before its first use. */
export async function startWrappersTable(): Promise<{ readonly table: string; close(): Promise<void> }> {
  const directory = temporaryDirectory();
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const storage = await startStorage({
    dataDir: directory.path,
    tables: [wrappers],
    buckets: [],
    credentials,
    log: () => undefined,
  });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_DYNAMODB: storage.dynamodbUrl,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  });
  return {
    table: wrappers.name,
    async close() {
      await storage.close();
      directory.remove();
    },
  };
}
