import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type FeedStore, feedStore } from '../../../lambdas/platform/feeds/feed-store.ts';
import { createAdminKey } from '../../../local/admin-key.ts';
import { type Engine, startEngine } from '../../../local/engine/engine.ts';
import type { Model, QueueModel } from '../../../local/engine/template/model.ts';
import { describeStack } from '../../../local/running-stack.ts';
import { credentials, log, pollQueues, startFeedsServices } from './feeds-services.ts';
import type { ScriptedFeeds } from './scripted-feeds.ts';
import { type UnreliableService, unreliableService } from './unreliable-service.ts';

/** The same stack as everywhere, put together so that upstreams, store and queue are the test's. */
export type FeedsStack = {
  readonly apiUrl: string;
  readonly key: string;
  readonly upstream: ScriptedFeeds;
  /** Between the functions and DynamoDB. */
  readonly database: UnreliableService;
  /** What is stored of feeds, past `database`. */
  readonly store: FeedStore;
  readonly functions: Engine['functions'];
  /** Puts a message into the queue of polls. */
  send(body: string): Promise<void>;
  /** Messages in the queue of polls, those under way included, and in its dead letters. */
  queued(): Promise<number>;
  deadLetters(): Promise<number>;
  close(): Promise<void>;
};

/** A message that was not done comes again this soon, instead of after six times the poller's own time. */
const VISIBILITY_SECONDS = 2;
const MAX_RECEIVES = 3;

export async function startFeedsStack(): Promise<FeedsStack> {
  const { dataDir, upstream, model, storage, account, keep, close } = await startFeedsServices(unhurried);
  const database = keep(await unreliableService(() => storage.dynamodbUrl));
  const endpoints = { dynamodb: database.url, s3: storage.s3Url, sqs: account.sqsUrl };
  const engine = keep(await startEngine({ model, dataDir, port: 0, endpoints, credentials, log }));
  const services = { dynamodb: storage.dynamodbUrl, apiGateway: engine.controlUrl };
  const key = await createAdminKey(describeStack(model, services));
  const queue = keep(pollQueue(model, account.sqsUrl));
  pointSdkAt(storage.dynamodbUrl);
  return {
    apiUrl: engine.apiUrl,
    key,
    upstream,
    database,
    store: feedStore(feedsTable(model)),
    functions: engine.functions,
    send: queue.send,
    queued: queue.queued,
    deadLetters: queue.deadLetters,
    close,
  };
}

/** Nothing is polled but what a test sends, at once, and again soon where it was not done. */
function unhurried(model: Model): Model {
  return {
    ...model,
    schedules: [],
    queues: model.queues.map((queue) => ({
      ...queue,
      visibilitySeconds: VISIBILITY_SECONDS,
      redrive: queue.redrive && { ...queue.redrive, maxReceiveCount: MAX_RECEIVES },
    })),
    eventSources: model.eventSources.map((source) => ({ ...source, windowSeconds: 0 })),
  };
}

function pollQueue(model: Model, endpoint: string) {
  const sqs = new SQSClient({ endpoint, region: model.region, credentials, useQueueUrlAsEndpoint: false });
  const { polls, dead } = pollQueues(model);
  const messagesIn = async (queue: QueueModel | undefined) => {
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: queue?.url,
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    );
    return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
  };
  return {
    async send(body: string) {
      await sqs.send(new SendMessageCommand({ QueueUrl: polls?.url, MessageBody: body }));
    },
    queued: () => messagesIn(polls),
    deadLetters: () => messagesIn(dead),
    close: () => sqs.destroy(),
  };
}

function feedsTable({ functions }: Model): string {
  return functions.flatMap(({ environment }) => environment.FEEDS_TABLE ?? [])[0] ?? '';
}

/** The clients of this process, before their first use. */
function pointSdkAt(dynamodbUrl: string): void {
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_DYNAMODB: dynamodbUrl,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  });
}
