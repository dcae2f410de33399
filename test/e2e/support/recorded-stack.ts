import { createAdminKey } from '../../../local/admin-key.ts';
import { buildAssembly } from '../../../local/build-assembly.ts';
import { type Engine, startEngine } from '../../../local/engine/engine.ts';
import { loadModel } from '../../../local/engine/template/load-model.ts';
import { readingFrom } from '../../../local/replay/feeds-mirror.ts';
import { describeStack } from '../../../local/running-stack.ts';
import { startSink } from '../../../local/sink/start-sink.ts';
import { queueOf, tableOf } from '../../../local/stack.ts';
import { startAccountServices } from '../../../local/storage/start-account-services.ts';
import { startStorage } from '../../../local/storage/start-storage.ts';
import { adapters } from '../../support/feeds/keyed-registry.ts';
import { quickSettings } from './local-stack.ts';
import { recordCalls } from './record-calls.ts';
import { type ScriptedFeeds, scriptedFeeds } from './scripted-feeds.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { type WrappersApi, wrappersApi } from './wrappers-api.ts';

/** The same stack as everywhere, put together so that all that its functions call goes past a recorder. */
export type RecordedStack = {
  readonly api: WrappersApi;
  /** Of the feed in test/support/feeds/keyed-registry.ts. */
  readonly upstream: ScriptedFeeds;
  readonly functions: Engine['functions'];
  /** The cloud assembly that runs. */
  readonly assemblyDir: string;
  /** `<function> <action>` of what was called so far. */
  readonly called: ReadonlySet<string>;
  close(): Promise<void>;
};

/** A queue that wrappers may write to. */
export const userQueue = 'https://sqs.us-east-1.amazonaws.com/000000000000/headgate-local';

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const settings = {
  ...quickSettings,
  handoverAfter: '3',
  adapters: 'test/support/feeds/keyed-registry.ts',
  adapterSecrets: adapters.map(({ id }) => `${id}=feed-key`).join(','),
};

export async function startRecordedStack(): Promise<RecordedStack> {
  const log = () => undefined;
  const dataDir = temporaryFolder();
  const opened: { close(): Promise<void> }[] = [];
  const keep = <Part extends { close(): Promise<void> }>(part: Part): Part => {
    opened.push(part);
    return part;
  };
  const assemblyDir = await buildAssembly(settings, log);
  const upstream = keep(await scriptedFeeds());
  const model = readingFrom(upstream.url, loadModel(assemblyDir));
  const buckets = [...model.buckets.map(({ name }) => name), 'headgate-local'];
  const storage = keep(await startStorage({ dataDir, tables: model.tables.map(tableOf), buckets, credentials, log }));
  const queues = [...model.queues.map(queueOf), { url: userQueue, attributes: {} }];
  const secrets = { 'feed-key': 'a key' };
  const secretsPrefix = 'headgate/local/';
  const account = keep(await startAccountServices({ dataDir, secretsPrefix, secrets, queues, credentials, log }));

  const called = new Set<string>();
  const record = (name: string, action: string) => called.add(`${name.replace('headgate-local-', '')} ${action}`);
  const recorder = async (service: string, urlOf: () => string) => keep(await recordCalls(service, urlOf, record)).url;
  let engine: Engine | undefined;
  const endpoints = {
    dynamodb: await recorder('dynamodb', () => storage.dynamodbUrl),
    s3: await recorder('s3', () => storage.s3Url),
    secretsManager: await recorder('secretsmanager', () => account.secretsUrl),
    sqs: await recorder('sqs', () => account.sqsUrl),
    eventBridge: await recorder('events', () => account.eventBridgeUrl),
    sfn: await recorder('states', () => String(engine?.sfnUrl)),
    apiGateway: await recorder('apigateway', () => String(engine?.controlUrl)),
    scheduler: await recorder('scheduler', () => String(engine?.schedulerUrl)),
  };
  engine = keep(await startEngine({ model, dataDir, port: 0, endpoints, credentials, log, everySeconds: 1 }));
  const sink = keep(await startSink({}));
  const services = { dynamodb: storage.dynamodbUrl, apiGateway: engine.controlUrl };
  const key = await createAdminKey(describeStack(model, services));
  return {
    api: wrappersApi({ apiUrl: engine.apiUrl, sinkUrl: sink.url, key }),
    upstream,
    functions: engine.functions,
    assemblyDir,
    called,
    async close() {
      for (const part of opened.toReversed()) await part.close();
    },
  };
}
