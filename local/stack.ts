import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createAdminKey, opensLocally } from './admin-key.ts';
import { startEngine } from './engine/engine.ts';
import { loadModel } from './engine/template/load-model.ts';
import type { Model, QueueModel, TableModel } from './engine/template/model.ts';
import { lockFolder } from './lock-folder.ts';
import { localCredentials as credentials } from './open-keys.ts';
import type { Options } from './options.ts';
import { readingFrom, readsReplay } from './replay/feeds-mirror.ts';
import { replaySecrets } from './replay/replay-keys.ts';
import { startReplay } from './replay/start-replay.ts';
import { announceStack, describeStack, type RunningStack } from './running-stack.ts';
import { settingOf } from './setting-of.ts';
import { startSink } from './sink/start-sink.ts';
import type { TableSpec } from './storage/dynamodb/tables.ts';
import type { QueueSpec } from './storage/sqs/sqs-server.ts';
import { startAccountServices } from './storage/start-account-services.ts';
import { startStorage } from './storage/start-storage.ts';

export type StackOptions = Pick<Options, 'port' | 'sinkPort' | 'dataDir' | 'everySeconds'> & {
  readonly assemblyDir: string;
  readonly log: (line: string) => void;
};

/** The whole product on this machine, serving. */
export type Stack = {
  readonly apiUrl: string;
  readonly sinkUrl: string;
  readonly adminKey: string;
  readonly dataDir: string;
  /** Where feeds are read instead of at their own addresses; empty: there. */
  readonly feedsMirror: string;
  /** Where the AWS SDK and CLI find this stack's services. */
  readonly services: {
    readonly dynamodb: string;
    readonly s3: string;
    readonly sqs: string;
    readonly stepFunctions: string;
    readonly apiGateway: string;
  };
  close(): Promise<void>;
};

/** Boots storage, engine and sink; what has been started is closed again, last first, if a later one fails. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const dataDir = path.resolve(options.dataDir);
  const { log } = options;
  const opened: { close(): Promise<void> }[] = [];
  const close = async () => {
    for (const part of opened.toReversed()) await part.close();
  };
  const keep = <Part extends { close(): Promise<void> }>(part: Part): Part => {
    opened.push(part);
    return part;
  };
  try {
    keep(await lockFolder(dataDir));
    const synthesized = loadModel(options.assemblyDir);
    const replay = readsReplay(synthesized) ? keep(await startReplay({ log, now: Date.now })) : undefined;
    const model = replay ? readingFrom(replay.url, synthesized) : synthesized;
    const storage = keep(
      await startStorage({ dataDir, tables: model.tables.map(tableOf), buckets: bucketsOf(model), credentials, log }),
    );
    const account = keep(
      await startAccountServices({
        dataDir,
        secretsPrefix: settingOf(model, 'SECRETS_PREFIX'),
        secrets: replay ? replaySecrets() : {},
        queues: queuesOf(model),
        credentials,
        log,
      }),
    );
    const endpoints = {
      dynamodb: storage.dynamodbUrl,
      s3: storage.s3Url,
      secretsManager: account.secretsUrl,
      sqs: account.sqsUrl,
      eventBridge: account.eventBridgeUrl,
    };
    const engine = keep(await startEngine({ ...options, model, dataDir, endpoints, credentials }));
    const sink = keep(await startSink({ port: options.sinkPort, dataDir }));
    const services = { ...endpoints, stepFunctions: engine.sfnUrl, apiGateway: engine.controlUrl };
    const running = describeStack(model, services);
    const adminKey = await adminKeyOf(dataDir, running, log);
    keep(await announceStack(dataDir, running));
    const feedsMirror = settingOf(model, 'FEEDS_MIRROR');
    return { apiUrl: engine.apiUrl, sinkUrl: sink.url, adminKey, dataDir, feedsMirror, services, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What a table holds decides; what it may cost does not count here. */
export function tableOf(table: TableModel): TableSpec {
  const { GlobalSecondaryIndexes, ...rest } = table;
  if (!GlobalSecondaryIndexes) return rest;
  return {
    ...rest,
    GlobalSecondaryIndexes: GlobalSecondaryIndexes.map(({ IndexName, KeySchema, Projection }) => ({
      IndexName,
      KeySchema,
      Projection,
    })),
  };
}

/** The template's own, and those that the settings name as the user's. */
function bucketsOf(model: Model): string[] {
  const named = model.functions.flatMap(({ environment: { READ_BUCKETS = '', WRITE_BUCKETS = '' } }) =>
    `${READ_BUCKETS},${WRITE_BUCKETS}`.split(',').filter((name) => name !== ''),
  );
  return [...new Set([...model.buckets.map((bucket) => bucket.name), ...named])];
}

/** The template's own, and those that the settings name as the user's. */
function queuesOf(model: Model): QueueSpec[] {
  const named = settingOf(model, 'WRITE_QUEUES')
    .split(',')
    .filter((url) => url !== '')
    .map((url) => ({
      url,
      attributes: { ...(url.endsWith('.fifo') && { FifoQueue: 'true' }), MaximumMessageSize: '1048576' },
    }));
  return [...model.queues.map(queueOf), ...named];
}

export function queueOf({ url, redrive, ...queue }: QueueModel): QueueSpec {
  const RedrivePolicy = redrive && {
    deadLetterTargetArn: redrive.deadLetterArn,
    maxReceiveCount: redrive.maxReceiveCount,
  };
  return {
    url,
    attributes: {
      VisibilityTimeout: String(queue.visibilitySeconds),
      DelaySeconds: String(queue.delaySeconds),
      MessageRetentionPeriod: String(queue.retentionSeconds),
      MaximumMessageSize: String(queue.maximumMessageBytes),
      ...(RedrivePolicy && { RedrivePolicy: JSON.stringify(RedrivePolicy) }),
    },
  };
}

/** Made once, and kept where only its owner can read it; made again when it no longer opens anything. */
async function adminKeyOf(dataDir: string, running: RunningStack, log: (line: string) => void): Promise<string> {
  const file = path.join(dataDir, 'api-key');
  const known = (await readFile(file, 'utf8').catch(() => null))?.trim();
  if (known !== undefined && (await opensLocally(known, running))) return known;
  if (known !== undefined) log(`the key in ${file} was revoked or given another secret: another key is made`);
  const key = await createAdminKey(running);
  await mkdir(dataDir, { recursive: true });
  await writeFile(file, `${key}\n`, { mode: 0o600 });
  await chmod(file, 0o600);
  return key;
}
