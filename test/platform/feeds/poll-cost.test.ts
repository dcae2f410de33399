import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { SQSRecord } from 'aws-lambda';
import type { Adapter } from '../../../lambdas/domain/feeds/adapter.ts';
import { dispatchPolls } from '../../../lambdas/domain/feeds/dispatch-polls.ts';
import type { FeedHealth } from '../../../lambdas/domain/feeds/feed-health.ts';
import { type PollDeps, pollFeed } from '../../../lambdas/domain/feeds/poll-feed.ts';
import type { DuePoll } from '../../../lambdas/domain/feeds/settle-poll.ts';
import { mapConcurrently } from '../../../lambdas/domain/map-concurrently.ts';
import { dynamo } from '../../../lambdas/platform/dynamo.ts';
import { feedRecords } from '../../../lambdas/platform/feeds/feed-records.ts';
import { feedStore } from '../../../lambdas/platform/feeds/feed-store.ts';
import { pollMessages } from '../../../lambdas/platform/feeds/poll-messages.ts';
import { sendPolls } from '../../../lambdas/platform/feeds/send-polls.ts';
import { systemClock } from '../../../lambdas/platform/system-clock.ts';
import { type CapturedQueue, capturedQueue } from '../../support/feeds/captured-queue.ts';
import { startFeedsTables } from '../../support/feeds/feeds-tables.ts';
import { itemBytes } from '../../support/feeds/item-bytes.ts';
import { testAdapter } from '../../support/feeds/test-adapter.ts';
import { testHealth } from '../../support/feeds/test-health.ts';
import { fetchFrom, testUpstream } from '../../support/feeds/test-upstream.ts';
import { MORNING } from '../../support/manual-clock.ts';

/* What polling asks of AWS, counted at the clients: everything but the feeds themselves is real. */

const MINUTE = 60_000;
const FEEDS = 300;
const adapters = Array.from({ length: FEEDS }, (_, index) =>
  testAdapter({ id: `feed-${index}`, intervalSeconds: 60, deadlineSeconds: 45, partIds: [`feed-${index}`] }),
);
const byId = new Map(adapters.map((adapter) => [adapter.id, adapter]));
const upstream = testUpstream(
  Object.fromEntries(adapters.map(({ id }) => [id, { records: { a: 'A', b: 'B' }, publishedAt: MORNING }])),
);

let database: Awaited<ReturnType<typeof startFeedsTables>>;
let queue: CapturedQueue;
let calls: string[] = [];

beforeAll(async () => {
  database = await startFeedsTables();
  queue = capturedQueue();
  dynamo.middlewareStack.add(
    (next, context) => (args) => {
      calls.push(String(context.commandName).replace(/(Item)?Command$/, ''));
      return next(args);
    },
    { step: 'initialize', name: 'counting' },
  );
});
afterAll(async () => {
  dynamo.middlewareStack.remove('counting');
  await database.close();
});

/** One tick, and all that it sends. */
async function minute(now: number): Promise<{ readonly tick: object; readonly polls: object; readonly count: number }> {
  const { healths, cycles, heartbeat } = feedStore(database.feeds);
  const send = sendPolls('https://queue.test/polls', queue.client);
  const tick = await counted(() => dispatchPolls({ adapters, healths, cycles, heartbeat, send, now: () => now }));
  const records = queue.taken.splice(0).map(({ Id, MessageBody }) => {
    return { messageId: Id, body: MessageBody, attributes: { ApproximateReceiveCount: '1' } } as SQSRecord;
  });
  const deps: Omit<PollDeps, 'clock'> = {
    healths,
    cycles,
    records: feedRecords(database.records),
    fetch: fetchFrom(upstream),
    secret: async () => '',
    onBug: () => undefined,
  };
  const polls = await counted(async () => {
    const messages = {
      adapters: byId,
      // Each when it is due.
      poll: (poll: DuePoll, adapter: Adapter) =>
        pollFeed(poll, adapter, { ...deps, clock: { now: () => poll.due + 300, sleep: systemClock.sleep } }),
      now: () => now,
      measure: () => undefined,
    };
    const batches = Array.from({ length: records.length / 10 }, (_, at) => records.slice(at * 10, at * 10 + 10));
    const answers = await mapConcurrently(batches, 4, (Records) => pollMessages({ Records }, messages));
    expect(answers.flatMap(({ batchItemFailures }) => batchItemFailures)).toEqual([]);
  });
  return { tick, polls, count: records.length };
}

async function counted(work: () => Promise<unknown>): Promise<Record<string, number>> {
  calls = [];
  const sent = queue.calls.length;
  await work();
  const sqs = queue.calls.length - sent;
  const perName = Object.entries(Object.groupBy(calls, (name) => name)).map(([name, all]) => [name, all?.length ?? 0]);
  return { ...Object.fromEntries(perName), ...(sqs > 0 && { SendMessageBatch: sqs }) };
}

test('three hundred feeds, one tick: a poll that finds nothing new costs a tenth of a send and two writes; each changed record is one more', async () => {
  const first = await minute(MORNING);
  expect(first.count).toBe(FEEDS);
  expect(first.polls).toEqual({ Query: FEEDS, Put: FEEDS * (2 + 2) });

  // Every feed exactly once, and the health of each is right.
  expect(upstream.asked.toSorted()).toEqual(adapters.map(({ id }) => id).sort());
  const healths = await feedStore(database.feeds).healths.all();
  expect(healths.map(({ adapterId, revision, outcome }) => [adapterId, revision, outcome])).toEqual(
    adapters.map(({ id }) => [id, 1, 'success']).toSorted(),
  );

  // The feeds have gone over to their intervals.
  await minute(MORNING + MINUTE);
  const unchanged = await minute(MORNING + 2 * MINUTE);
  expect(unchanged.count).toBe(FEEDS);
  expect(unchanged.tick).toEqual({ Query: 2, Get: 1, Put: 1, SendMessageBatch: FEEDS / 10 });
  expect(unchanged.polls).toEqual({ Put: FEEDS * 2 });

  upstream.published.set('feed-7', { records: { a: 'changed' }, publishedAt: MORNING });
  const changed = await minute(MORNING + 3 * MINUTE);
  expect(changed.count).toBe(FEEDS);
  expect(changed.polls).toEqual({ Put: FEEDS * 2 + 1, Update: 1, Query: 1 });

  upstream.published.set('feed-7', Buffer.from('<html>'));
  const failing = await minute(MORNING + 4 * MINUTE);
  expect(failing.polls).toEqual({ Put: FEEDS * 2 - 1 });

  const perPoll = ({ polls, count }: typeof first) =>
    Object.fromEntries(Object.entries(polls).map(([name, calls]) => [name, calls / count]));
  console.info('AWS calls per poll', {
    'first, two records': perPoll(first),
    'nothing new': { ...perPoll(unchanged), SendMessageBatch: 1 / 10 },
    'per tick, for all': unchanged.tick,
  });
}, 60_000);

test('health of a feed of one part is never larger than what one write unit pays for', async () => {
  const longest = testHealth({
    adapterId: 'a'.repeat(64),
    revision: 10_000_000,
    consecutiveFailures: 100_000,
    completedPolls: 10_000_000,
    failedPolls: 10_000_000,
    lastError: '…'.repeat(130),
    lastErrorCode: 'INTERNAL_QUEUE_DELAY',
    recordCount: 100_000,
    averageLatencyMs: 60_000,
    outcome: 'upstream_network_failure',
    notBefore: MORNING,
    parts: {
      'district-with-a-long-name': {
        etag: 'e'.repeat(80),
        lastModified: 'm'.repeat(80),
        digest: 'd'.repeat(16),
        records: 100_000,
        publishedAt: MORNING,
      },
    },
  });
  const bytes = await sizeAsStored(longest);
  console.info(`largest health: ${bytes} bytes`);
  expect(bytes).toBeLessThanOrEqual(1024);
});

async function sizeAsStored(health: FeedHealth): Promise<number> {
  const client = new DynamoDBClient({});
  const Key = { part: { S: 'health' }, adapter_id: { S: health.adapterId } };
  const before = { ...Key, revision: { N: String(health.revision - 1) } };
  await client.send(new PutItemCommand({ TableName: database.feeds, Item: before }));
  expect(await feedStore(database.feeds).healths.replace(health)).toBe(true);
  const { Item = {} } = await client.send(new GetItemCommand({ TableName: database.feeds, Key }));
  client.destroy();
  return itemBytes(Item);
}
