import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { webServer } from '../support/web-server.ts';
import { csvOf, eachOnce } from './support/csv.ts';
import { messagesIn } from './support/messages-in.ts';
import { useStack } from './support/use-stack.ts';

const at = useStack();
const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of cleanUp.splice(0)) await close();
});

type Received = { readonly headers: IncomingHttpHeaders; readonly body: string; readonly ids: string[] };

/** A receiver that answers as told, by default 200; what it is sent it keeps. */
async function receiver(answer: (received: Received) => { status?: number; body?: string } = () => ({})) {
  const requests: Received[] = [];
  const server = await webServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const ids = JSON.parse(body).data_points.map((point: { id: string }) => point.id);
      const received = { headers: request.headers, body, ids };
      requests.push(received);
      const { status = 200, body: text = '' } = answer(received);
      response.writeHead(status, { 'content-type': 'application/json' }).end(text);
    });
  });
  cleanUp.push(server.close);
  return { url: `${server.url}/points`, requests };
}

const keepSecrets = (secrets: Readonly<Record<string, string>>) =>
  writeFileSync(path.join(at.stack.dataDir, 'secrets.json'), JSON.stringify(secrets));

describe('http', () => {
  test('compressed batches arrive', async () => {
    const destination = { type: 'http', url: `${at.stack.sinkUrl}/points`, gzip: true };
    const id = await at.api.wrapperOf(csvOf(1200), { destination });
    expect((await at.api.execute(id)).body).toMatchObject({ success: true, data_points_sent: 1200 });
    expect(await at.api.received(id)).toMatchObject(eachOnce(1200));
  });

  test('batches are signed so that the reference library verifies them, under the id of the batch', async () => {
    const key = `whsec_${Buffer.from('a key of twenty-four byte').toString('base64')}`;
    keepSecrets({ 'team/signing': key });
    const { url, requests } = await receiver();
    const destination = { type: 'http', url, signing_secret: { secret: 'team/signing' } };
    const id = await at.api.wrapperOf(csvOf(3), { destination });
    expect((await at.api.execute(id)).body).toMatchObject({ success: true });
    const [request] = requests;
    const verified = new Webhook(key).verify(String(request?.body), request?.headers as Record<string, string>);
    expect(verified).toMatchObject({ wrapper_id: id, batch_id: request?.headers['webhook-id'] });
  });

  test('a destination that takes no more than 70 points at once gets each of 500 at last', async () => {
    const taken = new Set<string>();
    const { url, requests } = await receiver(({ ids }) => {
      for (const id of ids.slice(0, 70)) taken.add(id);
      return { status: 207, body: JSON.stringify({ accepted: Math.min(70, ids.length) }) };
    });
    const id = await at.api.wrapperOf(csvOf(500), { destination: { type: 'http', url } });
    expect((await at.api.execute(id)).body).toMatchObject({ success: true, data_points_sent: 500 });
    expect(taken.size).toBe(500);
    const keys = requests.map(({ headers }) => headers['idempotency-key']);
    expect(keys.slice(1, 4)).toEqual([keys[0], `${keys[0]}/1-70`, `${keys[0]}/71-140`]);
  });

  test('410 ends the run, and nothing is tried again', async () => {
    const { url, requests } = await receiver(() => ({ status: 410 }));
    const id = await at.api.wrapperOf(csvOf(3), { destination: { type: 'http', url }, mode: 'continuous' });
    expect((await at.api.execute(id)).body).toMatchObject({ success: false, message: expect.stringContaining('410') });
    expect((await at.api.get(id)).body).toMatchObject({ status: 'error' });
    expect(requests).toHaveLength(1);
  });
});

describe('a secret', () => {
  const canary = 'canary-5d1c0a8e77f3';

  test('that does not exist refuses the execution by name', async () => {
    const { url, requests } = await receiver();
    const destination = { type: 'http', url, headers: { Authorization: { secret: 'nobody' } } };
    const id = await at.api.wrapperOf(csvOf(3), { destination });
    expect(await at.api.execute(id)).toMatchObject({
      status: 400,
      body: { detail: 'Execution error: Invalid wrapper configuration: secret "nobody" does not exist' },
    });
    expect(requests).toEqual([]);
  });

  test('that was rotated is read afresh when the destination refuses the old one', async () => {
    let expected = 'Bearer first';
    const { url } = await receiver(({ headers }) => (headers.authorization === expected ? {} : { status: 401 }));
    const destination = { type: 'http', url, headers: { Authorization: { secret: 'token' } } };
    const id = await at.api.wrapperOf(csvOf(3), { destination });
    keepSecrets({ token: expected });
    expect((await at.api.execute(id)).body).toMatchObject({ success: true });
    expected = 'Bearer second';
    keepSecrets({ token: expected });
    expect((await at.api.execute(id, '?from=start')).body).toMatchObject({ success: true, data_points_sent: 3 });
  });

  test('I11: is in the request, and nowhere else: not in an answer, a log, a store or the output', async () => {
    keepSecrets({ token: `Bearer ${canary}`, key: canary });
    const echo = JSON.stringify({ error: `Bearer ${canary} is not known; key ${canary}` });
    const { url, requests } = await receiver(() => ({ status: 401, body: echo }));
    const destination = {
      type: 'http',
      url,
      headers: { Authorization: { secret: 'token' } },
      signing_secret: { secret: 'key' },
    };
    const id = await at.api.wrapperOf(csvOf(3), { destination });
    const told = [await at.api.execute(id)];
    expect(told[0]?.body).toMatchObject({
      success: false,
      message: expect.stringContaining('[redacted] is not known'),
    });
    expect(requests.at(-1)?.headers.authorization).toBe(`Bearer ${canary}`);
    for (const what of ['', '/monitoring', '/executions', '/logs', `/executions/${id}-1`])
      told.push(await at.api.get(id, what));
    expect(told[1]?.body.destination).toEqual(destination);
    expect(JSON.stringify(told)).not.toContain(canary);
    expect(at.stack.output()).not.toContain(canary);
    const files = readdirSync(at.stack.dataDir, { recursive: true, encoding: 'utf8' })
      .map((name) => path.join(at.stack.dataDir, name))
      .filter((file) => statSync(file).isFile());
    expect(files.length).toBeGreaterThan(5);
    expect(files.filter((file) => readFileSync(file).includes(canary)).map((file) => path.basename(file))).toEqual([
      'secrets.json',
    ]);
  });
});

describe('s3', () => {
  const rows = ['id,day', ...Array.from({ length: 1200 }, (_, n) => `${n},2026-03-0${1 + (n % 3)}T12:00:00Z`)].join(
    '\n',
  );
  const mapping = { key: ['id'], timestamp: { from: 'day' } };

  async function objectsOf(prefix: string): Promise<{ key: string; lines: string[] }[]> {
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const s3 = new S3Client({ endpoint: at.stack.s3Url, region: 'us-east-1', credentials });
    const listed = await s3.send(new ListObjectsV2Command({ Bucket: 'headgate-local', Prefix: prefix }));
    const objects = [];
    for (const { Key: key = '' } of listed.Contents ?? []) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'headgate-local', Key: key }));
      const bytes = await Body?.transformToByteArray();
      const text = String(key.endsWith('.gz') ? gunzipSync(bytes ?? '') : Buffer.from(bytes ?? ''));
      objects.push({ key, lines: text.trimEnd().split('\n') });
    }
    s3.destroy();
    return objects;
  }

  test('batches become compressed objects whose order is that of the file', async () => {
    const destination = { type: 's3', bucket: 'headgate-local', prefix: 'ordered', gzip: true };
    const id = await at.api.wrapperOf(rows, { mapping, destination });
    expect((await at.api.execute(id)).body).toMatchObject({ success: true, data_points_sent: 1200 });
    const objects = await objectsOf(`ordered/${id}/`);
    expect(objects).toHaveLength(3);
    const ids = objects.flatMap(({ lines }) => lines.map((line) => JSON.parse(line).data.id));
    expect(ids).toEqual(Array.from({ length: 1200 }, (_, n) => String(n)));
  });

  test('partitioned by date, each day has its own points, each of them once', async () => {
    const destination = { type: 's3', bucket: 'headgate-local', prefix: 'dated', partition: 'date' };
    const id = await at.api.wrapperOf(rows, { mapping, destination });
    expect((await at.api.execute(id)).body).toMatchObject({ success: true, data_points_sent: 1200 });
    const objects = await objectsOf(`dated/${id}/`);
    expect(objects).toHaveLength(9);
    const points = objects.flatMap(({ key, lines }) => lines.map((line) => ({ key, ...JSON.parse(line) })));
    expect(new Set(points.map((point) => point.id)).size).toBe(1200);
    expect(points.filter(({ key, timestamp }) => !key.includes(`/date=${timestamp.slice(0, 10)}/`))).toEqual([]);
  });
});

describe('sqs', () => {
  type Message = { readonly message_id: string; readonly data_points: readonly { readonly id: string }[] };

  test.each(['headgate-local', 'headgate-local.fifo'])(
    '%s gets every point once, in messages of the size',
    async (name) => {
      const queue_url = `https://sqs.us-east-1.amazonaws.com/000000000000/${name}`;
      const destination = { type: 'sqs', queue_url, message_bytes: 8192 };
      const id = await at.api.wrapperOf(csvOf(1200), { destination });
      expect((await at.api.execute(id)).body).toMatchObject({ success: true, data_points_sent: 1200 });
      const bodies = await messagesIn(queue_url, at.stack);
      const messages = bodies.map((body): Message => JSON.parse(body));
      expect(new Set(messages.map(({ message_id }) => message_id)).size).toBe(messages.length);
      const ids = messages.flatMap(({ data_points }) => data_points.map((point) => point.id));
      expect([ids.length, new Set(ids).size]).toEqual([1200, 1200]);
      expect(Math.max(...bodies.map(({ length }) => length))).toBeLessThanOrEqual(8192);
    },
  );

  test('a queue that the deployment does not list is forbidden', async () => {
    const queue_url = 'https://sqs.us-east-1.amazonaws.com/000000000000/other';
    const id = await at.api.wrapperOf(csvOf(3), { destination: { type: 'sqs', queue_url } });
    expect((await at.api.execute(id)).body.detail).toBe(
      `Execution error: Forbidden address: ${queue_url} is not a queue that may be written to (setting writeQueues)`,
    );
  });
});

test('eventbridge: every point goes once, under the detail type', async () => {
  const destination = { type: 'eventbridge', bus: 'headgate-local', detail_type: 'Station points' };
  const id = await at.api.wrapperOf(csvOf(1200), { destination });
  expect((await at.api.execute(id)).body).toMatchObject({ success: true, data_points_sent: 1200 });
  const lines = readFileSync(path.join(at.stack.dataDir, 'events.ndjson'), 'utf8').trimEnd().split('\n');
  const events = lines.map((line) => JSON.parse(line)).filter(({ detail }) => detail.wrapper_id === id);
  expect(events[0]).toMatchObject({ bus: 'headgate-local', source: 'headgate', 'detail-type': 'Station points' });
  const ids = events.flatMap(({ detail }) => detail.data_points.map((point: { id: string }) => point.id));
  expect([ids.length, new Set(ids).size]).toEqual([1200, 1200]);
});
