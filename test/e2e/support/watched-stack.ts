import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { createAdminKey } from '../../../local/admin-key.ts';
import { buildAssembly } from '../../../local/build-assembly.ts';
import { type Engine, startEngine } from '../../../local/engine/engine.ts';
import { loadModel } from '../../../local/engine/template/load-model.ts';
import type { Model } from '../../../local/engine/template/model.ts';
import { readingFrom } from '../../../local/replay/feeds-mirror.ts';
import { describeStack } from '../../../local/running-stack.ts';
import { startSink } from '../../../local/sink/start-sink.ts';
import { queueOf, tableOf } from '../../../local/stack.ts';
import { startAccountServices } from '../../../local/storage/start-account-services.ts';
import { startStorage } from '../../../local/storage/start-storage.ts';
import { feedsSettings } from './feeds-stack.ts';
import { type ScriptedFeeds, scriptedFeeds } from './scripted-feeds.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { type UnreliableService, unreliableService } from './unreliable-service.ts';

type ServiceName = 'dynamodb' | 'sqs' | 'sfn' | 'scheduler' | 's3';

/** The same stack as everywhere, put together so that each service that functions call can be made to fail. */
export type WatchedStack = {
  readonly apiUrl: string;
  readonly sinkUrl: string;
  readonly key: string;
  readonly upstream: ScriptedFeeds;
  readonly services: { readonly [Name in ServiceName]: UnreliableService };
  readonly engine: Engine;
  /** Puts a message into the queue of polls, or into its dead letters. */
  send(body: string, to: 'polls' | 'dead letters'): Promise<void>;
  close(): Promise<void>;
};

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

export async function startWatchedStack(): Promise<WatchedStack> {
  const log = () => undefined;
  const dataDir = temporaryFolder();
  const opened: { close(): unknown }[] = [];
  const keep = <Part extends { close(): unknown }>(part: Part): Part => {
    opened.push(part);
    return part;
  };
  const upstream = keep(await scriptedFeeds());
  const model = unhurried(readingFrom(upstream.url, loadModel(await buildAssembly(feedsSettings, log))));
  const buckets = model.buckets.map(({ name }) => name);
  const storage = keep(await startStorage({ dataDir, tables: model.tables.map(tableOf), buckets, credentials, log }));
  const queues = model.queues.map(queueOf);
  const account = keep(await startAccountServices({ dataDir, secretsPrefix: '', queues, credentials, log }));
  const front = async (urlOf: () => string) => keep(await unreliableService(urlOf));
  let engine: Engine | undefined;
  const services = {
    dynamodb: await front(() => storage.dynamodbUrl),
    sqs: await front(() => account.sqsUrl),
    sfn: await front(() => String(engine?.sfnUrl)),
    scheduler: await front(() => String(engine?.schedulerUrl)),
    s3: await front(() => storage.s3Url),
  };
  const endpoints = Object.fromEntries(Object.entries(services).map(([name, { url }]) => [name, url]));
  engine = keep(
    await startEngine({
      model,
      dataDir,
      port: 0,
      endpoints: { ...endpoints, dynamodb: services.dynamodb.url, s3: services.s3.url },
      credentials,
      log,
    }),
  );
  const sink = keep(await startSink({}));
  const key = await createAdminKey(
    describeStack(model, { dynamodb: storage.dynamodbUrl, apiGateway: engine.controlUrl }),
  );
  return {
    apiUrl: engine.apiUrl,
    sinkUrl: sink.url,
    key,
    upstream,
    services,
    engine,
    send: (body, to) => send(body, to, { model, endpoint: account.sqsUrl }),
    async close() {
      for (const part of opened.toReversed()) await part.close();
    },
  };
}

/** Batches of polls do not wait for more. */
function unhurried(model: Model): Model {
  return { ...model, eventSources: model.eventSources.map((source) => ({ ...source, windowSeconds: 0 })) };
}

async function send(
  body: string,
  to: 'polls' | 'dead letters',
  { model, endpoint }: { readonly model: Model; readonly endpoint: string },
): Promise<void> {
  const polls = model.queues.find(({ url }) => url === model.eventSources[0]?.queueUrl);
  const dead = model.queues.find(({ arn }) => arn === polls?.redrive?.deadLetterArn);
  const sqs = new SQSClient({ endpoint, region: model.region, credentials, useQueueUrlAsEndpoint: false });
  const QueueUrl = (to === 'polls' ? polls : dead)?.url;
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: body }));
  sqs.destroy();
}
