import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import type { PutObject } from '../../lambdas/destinations/ports.ts';
import { s3Destination } from '../../lambdas/destinations/s3.ts';
import type { S3DestinationConfig } from '../../lambdas/destinations/s3-config.ts';
import { itBehavesLikeADestination, type Stage } from '../support/destination-contract.ts';
import { outgoingBatch } from '../support/outgoing-batch.ts';

function rehearse(stage: Stage, config: Partial<S3DestinationConfig> = {}) {
  const arrived: string[] = [];
  const objects: Parameters<PutObject>[0][] = [];
  const answers: { [S in Stage]: PutObject } = {
    accepting: async () => ({ stored: true }),
    busy: async () => ({ notStored: 'SlowDown', mendable: true }),
    refusing: async () => ({ notStored: 'AccessDenied', mendable: false }),
    silent: ({ signal }) =>
      new Promise((resolve) =>
        signal.addEventListener('abort', () => resolve({ notStored: 'no answer in time', mendable: true })),
      ),
  };
  const put: PutObject = (object) => {
    objects.push(object);
    arrived.push(String(object.body));
    return answers[stage](object);
  };
  return { arrived, objects, destination: s3Destination({ type: 's3', bucket: 'bucket', ...config }, { put }) };
}

itBehavesLikeADestination('s3', (stage) => rehearse(stage));

test('writes NDJSON, each line ended', async () => {
  const { destination, objects } = rehearse('accepting');
  await destination.send(outgoingBatch(2), AbortSignal.timeout(1000));
  expect(objects[0]).toMatchObject({
    bucket: 'bucket',
    contentType: 'application/x-ndjson',
    body: '{"id":"p0","timestamp":null,"data":{"n":0}}\n{"id":"p1","timestamp":null,"data":{"n":1}}\n',
  });
});

test.each([
  [undefined, 'w-1/000000000007-b-1.ndjson'],
  [null, 'w-1/000000000007-b-1.ndjson'],
  ['', 'w-1/000000000007-b-1.ndjson'],
  ['raw', 'raw/w-1/000000000007-b-1.ndjson'],
  ['raw/2026/', 'raw/2026/w-1/000000000007-b-1.ndjson'],
])('with the prefix %j the key is %s', async (prefix, key) => {
  const { destination, objects } = rehearse('accepting', { prefix });
  await destination.send(outgoingBatch(), AbortSignal.timeout(1000));
  expect(objects[0]?.key).toBe(key);
});

test('keys sort in the order of the batches', async () => {
  const { destination, objects } = rehearse('accepting');
  for (const seq of [9, 10, 100]) await destination.send(outgoingBatch(1, { seq }), AbortSignal.timeout(1000));
  const keys = objects.map(({ key }) => key);
  expect(keys.toSorted()).toEqual(keys);
});

test('compressed, an object is called so and holds the same', async () => {
  const plain = rehearse('accepting');
  await plain.destination.send(outgoingBatch(200), AbortSignal.timeout(1000));
  const { destination, objects } = rehearse('accepting', { gzip: true });
  const delivery = await destination.send(outgoingBatch(200), AbortSignal.timeout(1000));
  const [object] = objects;
  const body = object?.body as Uint8Array;
  expect(object).toMatchObject({ key: 'w-1/000000000007-b-1.ndjson.gz', contentType: 'application/gzip' });
  expect(String(gunzipSync(body))).toBe(plain.arrived[0]);
  expect(delivery).toEqual({ outcome: 'accepted', bytes: body.length, fee: 5_000 });
});

describe('partitioned by date', () => {
  const at = (id: string, timestamp: string | null) => ({
    id,
    json: JSON.stringify({ id, timestamp, data: { timestamp: '1999-01-01T00:00:00Z' } }),
  });
  const points = [
    at('a', '2026-03-03T23:59:59.999Z'),
    at('b', '2026-03-04T00:00:00Z'),
    at('odd "id", "timestamp":"2000-01-01T', '2026-03-03T00:00:00Z'),
    at('c', null),
  ];

  test('each day of the points gets an object, in their order', async () => {
    const { destination, objects } = rehearse('accepting', { partition: 'date', prefix: 'raw' });
    const delivery = await destination.send(outgoingBatch(0, { points }), AbortSignal.timeout(1000));
    const written = objects.map(({ key, body }) => [key, body]);
    const lines = (...which: number[]) => which.map((n) => `${points[n]?.json}\n`).join('');
    expect(written).toEqual([
      ['raw/w-1/date=2026-03-03/000000000007-b-1.ndjson', lines(0, 2)],
      ['raw/w-1/date=2026-03-04/000000000007-b-1.ndjson', lines(1)],
      ['raw/w-1/date=__HIVE_DEFAULT_PARTITION__/000000000007-b-1.ndjson', lines(3)],
    ]);
    expect(delivery).toEqual({ outcome: 'accepted', bytes: Buffer.byteLength(lines(0, 1, 2, 3)), fee: 15_000 });
  });

  test('a batch is accepted once every object of it is stored, and none is written twice for that', async () => {
    const keys: string[] = [];
    let isBusy = true;
    const put: PutObject = async ({ key }) => {
      keys.push(key);
      return isBusy && key.includes('03-04') ? { notStored: 'SlowDown', mendable: true } : { stored: true };
    };
    const destination = s3Destination({ type: 's3', bucket: 'bucket', partition: 'date' }, { put });
    const send = () => destination.send(outgoingBatch(0, { points }), AbortSignal.timeout(1000));
    expect(await send()).toMatchObject({ outcome: 'retryable' });
    isBusy = false;
    expect(await send()).toMatchObject({ outcome: 'accepted' });
    expect(keys).toHaveLength(4);
    await send();
    expect(keys).toHaveLength(7);
  });
});
