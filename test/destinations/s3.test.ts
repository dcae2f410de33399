import { expect, test } from '@jest/globals';
import type { PutObject } from '../../lambdas/destinations/ports.ts';
import { s3Destination } from '../../lambdas/destinations/s3.ts';
import { itBehavesLikeADestination, type Stage } from '../support/destination-contract.ts';
import { outgoingBatch } from '../support/outgoing-batch.ts';

function rehearse(stage: Stage, prefix?: string | null) {
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
    arrived.push(object.body);
    return answers[stage](object);
  };
  return { arrived, objects, destination: s3Destination({ type: 's3', bucket: 'bucket', prefix }, { put }) };
}

itBehavesLikeADestination('s3', rehearse);

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
  [undefined, 'w-1/b-1.ndjson'],
  [null, 'w-1/b-1.ndjson'],
  ['', 'w-1/b-1.ndjson'],
  ['raw', 'raw/w-1/b-1.ndjson'],
  ['raw/2026/', 'raw/2026/w-1/b-1.ndjson'],
])('with the prefix %j the key is %s', async (prefix, key) => {
  const { destination, objects } = rehearse('accepting', prefix);
  await destination.send(outgoingBatch(), AbortSignal.timeout(1000));
  expect(objects[0]?.key).toBe(key);
});
