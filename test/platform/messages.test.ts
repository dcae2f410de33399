import { readFileSync } from 'node:fs';
import path from 'node:path';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { putEvents } from '../../lambdas/platform/put-events.ts';
import { sendMessages } from '../../lambdas/platform/send-messages.ts';
import { type AccountServices, startAccountServices } from '../../local/storage/start-account-services.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

// Against the local engine, through the real clients.
const directory = temporaryDirectory();
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const queue = (name: string) => `https://sqs.eu-west-1.amazonaws.com/000000000000/${name}`;
const signal = () => AbortSignal.timeout(5000);
let services: AccountServices;
let sqs: SQSClient;
let events: EventBridgeClient;

beforeAll(async () => {
  services = await startAccountServices({
    dataDir: directory.path,
    secretsPrefix: '',
    queues: [
      { url: queue('plain'), attributes: {} },
      { url: queue('ordered.fifo'), attributes: { FifoQueue: 'true' } },
    ],
    credentials,
    log: () => undefined,
    now: () => Date.parse('2026-03-03T10:35:22.500Z'),
  });
  sqs = sqsAt(services.sqsUrl);
  events = new EventBridgeClient({ ...at(services.eventBridgeUrl) });
});
afterAll(async () => {
  sqs.destroy();
  events.destroy();
  await services.close();
  directory.remove();
});

const at = (endpoint: string) => ({ endpoint, region: 'eu-west-1', credentials, maxAttempts: 1 });
const sqsAt = (endpoint: string) => new SQSClient({ ...at(endpoint), useQueueUrlAsEndpoint: false });

describe('messages', () => {
  const messages = [
    { id: 'b/1', body: '{"n":1}' },
    { id: 'b/2', body: '{"n":2}' },
  ];
  const send = (queueUrl: string, more: Partial<Parameters<ReturnType<typeof sendMessages>>[0]> = {}, client = sqs) =>
    sendMessages(
      [queue('plain'), queue('ordered.fifo'), queue('missing')],
      client,
    )({
      queueUrl,
      groupId: 'w-1',
      messages,
      signal: signal(),
      ...more,
    });
  async function bodiesIn(queueUrl: string): Promise<(string | undefined)[]> {
    const bodies: (string | undefined)[] = [];
    for (;;) {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl }));
      if (Messages.length === 0) return bodies;
      for (const { Body, ReceiptHandle } of Messages) {
        bodies.push(Body);
        await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
      }
    }
  }

  test('arrive', async () => {
    expect(await send(queue('plain'))).toEqual({ failures: [] });
    expect((await bodiesIn(queue('plain'))).toSorted()).toEqual(['{"n":1}', '{"n":2}']);
  });

  test('arrive in a FIFO queue in order, and once however often they are sent', async () => {
    for (const _ of [1, 2]) expect(await send(queue('ordered.fifo'))).toEqual({ failures: [] });
    expect(await bodiesIn(queue('ordered.fifo'))).toEqual(['{"n":1}', '{"n":2}']);
  });

  test('of which one is refused are told by their place', async () => {
    const refused = [...messages, { id: 'b/3', body: '\u0000' }];
    expect(await send(queue('plain'), { messages: refused })).toEqual({
      failures: [{ index: 2, reason: 'InvalidMessageContents', mendable: false }],
    });
  });

  test('for a queue that does not exist are refused', async () => {
    expect(await send(queue('missing'))).toEqual({
      failures: [{ index: 'all', reason: 'QueueDoesNotExist', mendable: false }],
    });
  });

  test('for a queue that is not on the list never leave', async () => {
    await expect(send(queue('other'))).rejects.toThrow(
      `Forbidden address: ${queue('other')} is not a queue that may be written to (setting writeQueues)`,
    );
  });

  test('that nobody takes may be sent again', async () => {
    const nowhere = sqsAt('http://127.0.0.1:1');
    expect(await send(queue('plain'), {}, nowhere)).toMatchObject({ failures: [{ index: 'all', mendable: true }] });
    nowhere.destroy();
  });

  test('are given up with the signal', async () => {
    expect(await send(queue('plain'), { signal: AbortSignal.abort() })).toEqual({
      failures: [{ index: 'all', reason: 'no answer in time', mendable: true }],
    });
  });
});

describe('events', () => {
  const put = (details: readonly string[], bus = 'points') =>
    putEvents(['points'], events)({ bus, detailType: 'Station points', details, signal: signal() });

  test('arrive as a rule would see them', async () => {
    expect(await put(['{"n":1}', '{"n":2}'])).toEqual({ failures: [] });
    const lines = readFileSync(path.join(directory.path, 'events.ndjson'), 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { bus: 'points', source: 'headgate', 'detail-type': 'Station points', detail: { n: 1 } },
      { bus: 'points', time: '2026-03-03T10:35:22Z', detail: { n: 2 } },
    ]);
  });

  test('of which one is refused are told by their place', async () => {
    expect(await put(['{"n":1}', 'no json'])).toEqual({
      failures: [{ index: 1, reason: 'MalformedDetail', mendable: false }],
    });
  });

  test.each([
    ['more than ten', Array.from({ length: 11 }, () => '{}')],
    ['more than 256 KiB', [`"${'x'.repeat(256 * 1024)}"`]],
  ])('%s at once are refused', async (_name, details) => {
    expect(await put(details)).toEqual({
      failures: [{ index: 'all', reason: 'ValidationException', mendable: false }],
    });
  });

  test('for a bus that is not on the list never leave', async () => {
    await expect(put(['{}'], 'default')).rejects.toThrow(
      'Forbidden address: default is not an event bus that may be written to (setting writeBuses)',
    );
  });
});
