import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type LoopbackServer, listenOnLoopback } from '../listen-on-loopback.ts';
import { startDynamodb } from './dynamodb/start-dynamodb.ts';
import { sweepExpired } from './dynamodb/sweep-expired.ts';
import { ensureTable, type TableSpec } from './dynamodb/tables.ts';
import { s3Server } from './s3/s3-server.ts';
import type { Credentials } from './s3/verify-signature.ts';

/** DynamoDB promises expiry within days; minutes keep a long-lived local stack small at no cost. */
const SWEEP_EVERY_MS = 5 * 60_000;

export type StorageOptions = {
  /** State lives here and survives a restart, also after a kill: `dynamodb/` and `s3/`. */
  readonly dataDir: string;
  readonly tables: readonly TableSpec[];
  readonly buckets: readonly string[];
  /** What callers sign with; S3 requests signed otherwise are refused. */
  readonly credentials: Credentials;
  readonly log: (message: string) => void;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** 0 or absent: a free port. */
  readonly ports?: { readonly dynamodb?: number; readonly s3?: number };
};

export type Storage = { readonly dynamodbUrl: string; readonly s3Url: string; close(): Promise<void> };

/** DynamoDB with the given tables and S3 with the given buckets, on loopback. */
export async function startStorage(options: StorageOptions): Promise<Storage> {
  const { dataDir, tables, buckets, credentials, log, now = Date.now, ports } = options;
  mkdirSync(dataDir, { recursive: true });
  const s3 = s3Server({ directory: join(dataDir, 's3'), buckets, credentials, now, log });
  const servers: LoopbackServer[] = [];
  const closeServers = async () => {
    await Promise.all(servers.map((server) => server.close()));
  };
  try {
    const dynamodb = await startDynamodb(join(dataDir, 'dynamodb'), ports?.dynamodb);
    servers.push(dynamodb);
    const client = new DynamoDBClient({ endpoint: dynamodb.url, region: 'us-east-1', credentials });
    for (const table of tables) await ensureTable(client, table);
    servers.push(await listenOnLoopback(s3, ports?.s3));
    const stopSweeping = sweepRegularly(client, tables, { now, log });
    return {
      dynamodbUrl: dynamodb.url,
      s3Url: servers.at(-1)?.url ?? '',
      async close() {
        await stopSweeping();
        client.destroy();
        await closeServers();
      },
    };
  } catch (error) {
    await closeServers();
    throw error;
  }
}

function sweepRegularly(
  client: DynamoDBClient,
  tables: readonly TableSpec[],
  { now, log }: Required<Pick<StorageOptions, 'now' | 'log'>>,
): () => Promise<void> {
  let running = Promise.resolve();
  const sweep = async () => {
    for (const table of tables) {
      await sweepExpired(client, table, now()).catch((error: unknown) =>
        log(`expiry of ${table.name}: ${String(error)}`),
      );
    }
  };
  const timer = setInterval(() => {
    running = running.then(sweep);
  }, SWEEP_EVERY_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
