import {
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { SQSEvent } from 'aws-lambda';
import { consumeQueue } from '../../../../local/engine/events/consume-queue.ts';
import { failure, type Outcome } from '../../../../local/engine/functions/outcome.ts';
import type { EventSourceModel } from '../../../../local/engine/template/model.ts';
import { startSqs } from '../../../../local/storage/sqs/sqs-server.ts';
import { clientSettings, until } from '../start-test-engine.ts';

const url = (name: string) => `https://sqs.us-east-1.amazonaws.com/000000000000/${name}`;
const arn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;
const source: EventSourceModel = {
  functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:worker',
  queueUrl: url('jobs'),
  queueArn: arn('jobs'),
  batchSize: 10,
  windowSeconds: 0,
  partialResponses: true,
  maximumConcurrency: 2,
};
/** Messages that are not deleted come again after a second, and are dead after two receives. */
const brief = { queueUrl: url('brief'), queueArn: arn('brief') };
const returned = (payload: unknown = null): Outcome => ({ kind: 'returned', payload });

let server: Awaited<ReturnType<typeof startSqs>>;
let sqs: SQSClient;
let lines: string[];
const open: { close(): Promise<void> }[] = [];

beforeEach(async () => {
  const redrive = { deadLetterTargetArn: arn('dead'), maxReceiveCount: 2 };
  server = await startSqs({
    queues: [
      { url: url('dead'), attributes: {} },
      { url: url('jobs'), attributes: {} },
      { url: url('brief'), attributes: { VisibilityTimeout: '1', RedrivePolicy: JSON.stringify(redrive) } },
    ],
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  sqs = new SQSClient({ ...clientSettings(server.url), useQueueUrlAsEndpoint: false });
  lines = [];
});

afterEach(async () => {
  for (const consumer of open.splice(0)) await consumer.close();
  sqs.destroy();
  await server.close();
});

function consume(invoke: (event: SQSEvent) => Promise<Outcome>, more: Partial<EventSourceModel> = {}) {
  const deps = { sqs, region: 'us-east-1', log: (line: string) => void lines.push(line) };
  const consumer = consumeQueue({ ...source, ...more }, { ...deps, invoke: (event) => invoke(event as SQSEvent) });
  open.push(consumer);
  return consumer;
}

const bodiesOf = ({ Records }: SQSEvent) => Records.map(({ body }) => body);

const send = (...bodies: string[]) => sendTo('jobs', ...bodies);

async function sendTo(name: string, ...bodies: string[]): Promise<void> {
  const Entries = bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody }));
  await sqs.send(new SendMessageBatchCommand({ QueueUrl: url(name), Entries }));
}

/** Visible and in flight together. */
async function messagesIn(name: string): Promise<number> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url(name), AttributeNames: ['All'] }),
  );
  return Number(Attributes.ApproximateNumberOfMessages) + Number(Attributes.ApproximateNumberOfMessagesNotVisible);
}

test('a function is invoked with a message as Lambda hands it on, and what is done is gone', async () => {
  const events: SQSEvent[] = [];
  consume(async (event) => {
    events.push(event);
    return returned();
  });
  const { MessageId } = await sqs.send(
    new SendMessageCommand({
      QueueUrl: url('jobs'),
      MessageBody: '{"a":1}',
      MessageAttributes: { kind: { DataType: 'String', StringValue: 'poll' } },
    }),
  );
  await until(async () => events.length > 0 && (await messagesIn('jobs')) === 0);
  expect(events).toEqual([
    {
      Records: [
        {
          messageId: MessageId,
          receiptHandle: expect.any(String),
          body: '{"a":1}',
          attributes: expect.objectContaining({
            ApproximateReceiveCount: '1',
            SentTimestamp: expect.stringMatching(/^\d+$/),
          }),
          messageAttributes: {
            kind: { stringValue: 'poll', stringListValues: [], binaryListValues: [], dataType: 'String' },
          },
          md5OfBody: expect.stringMatching(/^[0-9a-f]{32}$/),
          eventSource: 'aws:sqs',
          eventSourceARN: arn('jobs'),
          awsRegion: 'us-east-1',
        },
      ],
    },
  ]);
});

test('messages that come within the window share a batch, which goes off as soon as it is full', async () => {
  const batches: string[][] = [];
  const work = async (event: SQSEvent) => {
    batches.push(bodiesOf(event));
    return returned();
  };
  consume(work, { windowSeconds: 300, batchSize: 3 });
  await send('a');
  await send('b');
  await send('c', 'd', 'e', 'f');
  await until(() => batches.length === 2);
  expect(batches).toEqual([
    ['a', 'b', 'c'],
    ['d', 'e', 'f'],
  ]);
});

test('a batch that does not fill up goes off when the window is over', async () => {
  const batches: string[][] = [];
  const work = async (event: SQSEvent) => {
    batches.push(bodiesOf(event));
    return returned();
  };
  consume(work, { windowSeconds: 1 });
  await send('a');
  await send('b');
  expect(await until(() => batches[0])).toEqual(['a', 'b']);
});

test('what a function names as failed comes again alone, and in the end is dead', async () => {
  const batches: string[][] = [];
  consume(async (event) => {
    batches.push(bodiesOf(event));
    const failed = event.Records.filter(({ body }) => body === 'bad');
    return returned({ batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) });
  }, brief);
  await sendTo('brief', 'good', 'bad');
  await until(async () => (await messagesIn('dead')) === 1);
  expect(batches).toEqual([['good', 'bad'], ['bad']]);
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: url('dead') }));
  expect(Messages?.map(({ Body }) => Body)).toEqual(['bad']);
}, 15_000);

test('a batch whose function fails comes again as a whole, and is told of', async () => {
  const batches: string[][] = [];
  consume(async (event) => {
    batches.push(bodiesOf(event).sort());
    return batches.length === 1 ? failure('crashed', 'Runtime.ExitError', 'killed') : returned();
  }, brief);
  await sendTo('brief', 'a', 'b');
  await until(async () => batches.flat().length === 4 && (await messagesIn('brief')) === 0);
  expect(batches[0]).toEqual(['a', 'b']);
  expect(batches.slice(1).flat().sort()).toEqual(['a', 'b']);
  expect(lines).toEqual([`${source.functionArn}: a batch failed: Runtime.ExitError`]);
}, 15_000);

test('no more batches are under way than the mapping allows, and no message is left over', async () => {
  const done: string[] = [];
  const gate = Promise.withResolvers<void>();
  let running = 0;
  let most = 0;
  const work = async (event: SQSEvent) => {
    running += 1;
    most = Math.max(most, running);
    await gate.promise;
    running -= 1;
    done.push(...bodiesOf(event));
    return returned();
  };
  consume(work, { batchSize: 1, maximumConcurrency: 3 });
  const bodies = Array.from({ length: 10 }, (_, index) => `job ${index}`);
  await send(...bodies);
  await until(() => running >= 3);
  // Time enough to take another one: each question is a call as long as taking it would be.
  for (let asked = 0; asked < 5; asked += 1) expect(await messagesIn('jobs')).toBe(10);
  gate.resolve();
  await until(() => done.length === 10);
  expect(done.sort()).toEqual(bodies);
  expect(most).toBe(3);
});

test('closing waits neither for messages nor for a batch under way, whose messages stay', async () => {
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  const began = Promise.withResolvers<void>();
  const work = () => {
    began.resolve();
    return promise;
  };
  const consumer = consume(work, { maximumConcurrency: 2 });
  await send('a');
  await began.promise;
  await consumer.close();
  resolve(returned());
  await promise;
  await send('b');
  expect(await messagesIn('jobs')).toBe(2);
  expect(lines).toEqual([]);
});

test('a queue out of reach is told of, and asked again', async () => {
  const gone = new SQSClient({ ...clientSettings('http://127.0.0.1:9'), useQueueUrlAsEndpoint: false });
  const deps = { sqs: gone, region: 'us-east-1', log: (line: string) => void lines.push(line) };
  open.push(consumeQueue(source, { ...deps, invoke: async () => returned() }));
  await until(() => lines.length === 2);
  expect(lines[0]).toContain('ECONNREFUSED');
}, 15_000);
