import { describe, expect, test } from '@jest/globals';
import { inParts } from '../../lambdas/destinations/in-parts.ts';
import type { Delivery, Destination, OutgoingBatch } from '../../lambdas/domain/destination.ts';
import { outgoingBatch } from '../support/outgoing-batch.ts';

const inTime = () => AbortSignal.timeout(1000);
const partial = (accepted: number): Delivery => ({ outcome: 'partial', accepted, reason: 'some' });

/** Takes as many points as `take` says of a batch. */
function destinationThat(take: (batch: OutgoingBatch, attempt: number) => number) {
  const seen: string[] = [];
  const destination: Destination = {
    async send(batch) {
      const taken = take(batch, seen.length);
      seen.push(`${batch.batchId} ${batch.points.map(({ id }) => id).join('')}`);
      return taken < batch.points.length ? partial(taken) : { outcome: 'accepted', bytes: 10, fee: 2 };
    },
  };
  return { seen, destination: inParts(destination) };
}

async function sendUntilAccepted(destination: Destination, batch: OutgoingBatch): Promise<Delivery[]> {
  const deliveries: Delivery[] = [];
  while (deliveries.length < 10 && deliveries.at(-1)?.outcome !== 'accepted')
    deliveries.push(await destination.send(batch, inTime()));
  return deliveries;
}

test('a batch that is taken whole is sent as it is', async () => {
  const { seen, destination } = destinationThat(({ points }) => points.length);
  expect(await destination.send(outgoingBatch(3), inTime())).toEqual({ outcome: 'accepted', bytes: 10, fee: 2 });
  expect(seen).toEqual(['b-1 p0p1p2']);
});

test('a batch that was taken in part once is sent again whole', async () => {
  const { seen, destination } = destinationThat(({ points }, attempt) => (attempt === 0 ? 1 : points.length));
  await sendUntilAccepted(destination, outgoingBatch(3));
  expect(seen).toEqual(['b-1 p0p1p2', 'b-1 p0p1p2']);
});

describe('a destination that takes two points at a time', () => {
  const limited = () => destinationThat(({ points }) => Math.min(2, points.length));

  test('gets the batch in parts of two, each under the id of its bounds', async () => {
    const { seen, destination } = limited();
    const deliveries = await sendUntilAccepted(destination, outgoingBatch(5));
    expect(deliveries).toEqual([partial(2), partial(2), { outcome: 'accepted', bytes: 30, fee: 6 }]);
    expect(seen.slice(2)).toEqual(['b-1/1-2 p0p1', 'b-1/3-4 p2p3', 'b-1/5-5 p4']);
  });

  test('gets the next batch whole first', async () => {
    const { seen, destination } = limited();
    await sendUntilAccepted(destination, outgoingBatch(3));
    await destination.send(outgoingBatch(3, { batchId: 'b-2' }), inTime());
    expect(seen.at(-1)).toBe('b-2 p0p1p2');
  });
});

test('what comes after a part that failed goes on where it was', async () => {
  const { seen, destination } = destinationThat(({ points }, attempt) =>
    attempt === 3 ? 0 : Math.min(2, points.length),
  );
  await sendUntilAccepted(destination, outgoingBatch(4));
  expect(seen.slice(2)).toEqual(['b-1/1-2 p0p1', 'b-1/3-4 p2p3', 'b-1/3-4 p2p3']);
});

test('parts shrink once the destination takes less twice in a row', async () => {
  const { seen, destination } = destinationThat(({ points }, attempt) => Math.min(attempt < 2 ? 3 : 1, points.length));
  await sendUntilAccepted(destination, outgoingBatch(4));
  expect(seen.slice(2, 5)).toEqual(['b-1/1-3 p0p1p2', 'b-1/1-3 p0p1p2', 'b-1/1-1 p0']);
  expect(seen.slice(4)).toEqual(['b-1/1-1 p0', 'b-1/2-2 p1', 'b-1/3-3 p2', 'b-1/4-4 p3']);
});

test('parts keep their size when one of them was taken in part by chance', async () => {
  const { seen, destination } = destinationThat(({ points }, attempt) =>
    attempt === 3 ? 1 : Math.min(2, points.length),
  );
  await sendUntilAccepted(destination, outgoingBatch(6));
  expect(seen.slice(2)).toEqual(['b-1/1-2 p0p1', 'b-1/3-4 p2p3', 'b-1/3-4 p2p3', 'b-1/5-6 p4p5']);
});

test('a point that is never taken keeps its batch from being accepted', async () => {
  const { destination } = destinationThat(({ points }) => points.filter(({ id }) => id !== 'p1').length);
  const deliveries = await sendUntilAccepted(destination, outgoingBatch(4));
  expect(deliveries).toHaveLength(10);
  expect(deliveries.at(-1)).toMatchObject({ outcome: 'partial' });
});

test('nothing at all taken says nothing of a size', async () => {
  const { seen, destination } = destinationThat(() => 0);
  for (const _ of [1, 2, 3]) await destination.send(outgoingBatch(3), inTime());
  expect(new Set(seen)).toEqual(new Set(['b-1 p0p1p2']));
});

test('no part begins after the signal', async () => {
  const abort = new AbortController();
  const { seen, destination } = destinationThat(({ points }, attempt) => {
    if (attempt === 2) abort.abort();
    return Math.min(2, points.length);
  });
  for (const _ of [1, 2]) await destination.send(outgoingBatch(4), inTime());
  expect(await destination.send(outgoingBatch(4), abort.signal)).toMatchObject({ outcome: 'retryable' });
  expect(seen).toHaveLength(3);
});
