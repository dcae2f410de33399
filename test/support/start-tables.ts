import type { TableSpec } from '../../local/storage/dynamodb/tables.ts';
import { startStorage } from '../../local/storage/start-storage.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** Starts a DynamoDB with these tables and points the SDK's own settings at it: to be called before its first use. */
export async function startTables(tables: readonly TableSpec[]): Promise<{ close(): Promise<void> }> {
  const directory = temporaryDirectory();
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const storage = await startStorage({
    dataDir: directory.path,
    tables,
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
    async close() {
      await storage.close();
      directory.remove();
    },
  };
}
