import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { lookForDeadLetters } from '../../../lambdas/platform/status/dead-letters.ts';
import { type WebServer, webServer } from '../../support/web-server.ts';

/** Messages by the queue's name; a queue that is not in here does not answer. */
const messages = new Map([
  ['empty', 0],
  ['full', 2],
]);
let sqs: WebServer;
let client: SQSClient;
beforeAll(async () => {
  sqs = await webServer(async (request, response) => {
    const { QueueUrl } = JSON.parse(Buffer.concat(await request.toArray()).toString());
    const count = messages.get(QueueUrl.split('/').at(-1));
    if (count !== undefined)
      response.end(JSON.stringify({ Attributes: { ApproximateNumberOfMessages: String(count) } }));
  });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = new SQSClient({ endpoint: sqs.url, region: 'us-east-1', credentials, useQueueUrlAsEndpoint: false });
});
afterAll(() => sqs.close());

const look = (...names: string[]) =>
  lookForDeadLetters(
    names.map((name) => `https://sqs.us-east-1.amazonaws.com/123456789012/${name}`),
    client,
  )();

test('O-6: dead letters in any of the queues are seen', async () => {
  expect(await look('empty', 'full')).toEqual(['DLQNotEmpty']);
  expect(await look('empty', 'empty')).toEqual([]);
});

test('a queue that does not answer hides none of the others, and keeps nobody waiting', async () => {
  const began = Date.now();
  expect(await look('hanging', 'full')).toEqual(['DLQNotEmpty']);
  await expect(look('hanging', 'empty')).rejects.toThrow();
  expect(Date.now() - began).toBeLessThan(5000);
});
