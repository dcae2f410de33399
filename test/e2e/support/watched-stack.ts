import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { createAdminKey } from '../../../local/admin-key.ts';
import { type Engine, startEngine } from '../../../local/engine/engine.ts';
import type { Model } from '../../../local/engine/template/model.ts';
import { describeStack } from '../../../local/running-stack.ts';
import { startSink } from '../../../local/sink/start-sink.ts';
import { credentials, log, pollQueues, startFeedsServices } from './feeds-services.ts';
import type { ScriptedFeeds } from './scripted-feeds.ts';
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

export async function startWatchedStack(): Promise<WatchedStack> {
  const { dataDir, upstream, model, storage, account, keep, close } = await startFeedsServices(unhurried);
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
    close,
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
  const { polls, dead } = pollQueues(model);
  const sqs = new SQSClient({ endpoint, region: model.region, credentials, useQueueUrlAsEndpoint: false });
  const QueueUrl = (to === 'polls' ? polls : dead)?.url;
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: body }));
  sqs.destroy();
}
