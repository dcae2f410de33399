import { describe, expect, test } from '@jest/globals';
import { callsOf, type Message, packMessages } from '../../lambdas/destinations/message-packing.ts';
import type { OutgoingBatch } from '../../lambdas/domain/destination.ts';
import { outgoingBatch } from '../support/outgoing-batch.ts';
import { seededRandom } from '../support/random.ts';

const KIB = 1024;
const point = (id: string, bytes: number) => {
  const json = JSON.stringify({ id, timestamp: null, data: { x: '' } });
  return { id, json: json.replace('""', `"${'x'.repeat(bytes - json.length)}"`) };
};

function packed(batch: OutgoingBatch, mostBytes: number): readonly Message[] {
  const messages = packMessages(batch, mostBytes);
  if ('tooLarge' in messages) throw new Error(`${messages.tooLarge.id} is too large`);
  return messages;
}
const pointsIn = (messages: readonly Message[]) => messages.flatMap(({ body }) => JSON.parse(body).data_points);

describe('messages', () => {
  test('are the document of a batch, each with an id of its own', () => {
    const points = [point('a', 2 * KIB), point('b', 2 * KIB)];
    const messages = packed(outgoingBatch(0, { points, phase: 'historical' }), 4 * KIB);
    expect(messages.map(({ body }) => JSON.parse(body))).toEqual(
      points.map(({ json }, index) => ({
        wrapper_id: 'w-1',
        execution_id: 'e-1',
        batch_id: 'b-1',
        message_id: `b-1/${index + 1}`,
        phase: 'historical',
        data_points: [JSON.parse(json)],
      })),
    );
    expect(messages.map(({ id }) => id)).toEqual(['b-1/1', 'b-1/2']);
  });

  test('of any batch hold all its points in order, none of them larger than allowed or smaller than need be', () => {
    const random = seededRandom(7);
    for (let round = 0; round < 200; round += 1) {
      const sizes = Array.from({ length: random.between(1, 50) }, () => random.between(60, 2900));
      const points = sizes.map((bytes, n) => point(`p${n}`, bytes));
      const messages = packed(outgoingBatch(0, { points }), 4 * KIB);
      expect(pointsIn(messages).map(({ id }) => id)).toEqual(points.map(({ id }) => id));
      for (const { bytes, body } of messages) {
        expect(bytes).toBe(Buffer.byteLength(body));
        expect(bytes).toBeLessThanOrEqual(4 * KIB);
      }
      messages.slice(1).forEach((message, index) => {
        const [first] = pointsIn([message]);
        expect((messages[index]?.bytes ?? 0) + JSON.stringify(first).length).toBeGreaterThan(3 * KIB);
      });
    }
  });

  test('count bytes, not characters', () => {
    const points = ['a', 'b'].map((id) => ({ id, json: JSON.stringify({ id, data: '€'.repeat(600) }) }));
    expect(packed(outgoingBatch(0, { points }), 4 * KIB)).toHaveLength(2);
  });

  test('hold the same points whatever execution sends them', () => {
    const points = Array.from({ length: 200 }, (_, n) => point(`p${n}`, 60 + (n % 90)));
    const shapeOf = (executionId: string) =>
      packed(outgoingBatch(0, { points, executionId }), 4 * KIB).map(({ id, points }) => [id, points]);
    expect(shapeOf(`e-${'9'.repeat(40)}`)).toEqual(shapeOf('e-1'));
  });

  test('that can not hold a point are not made', () => {
    const points = [point('small', 100), point('large', 3 * KIB)];
    expect(packMessages(outgoingBatch(0, { points }), 4 * KIB)).toEqual({ tooLarge: points[1] });
  });

  test('of no points are none', () => {
    expect(packed(outgoingBatch(0), 4 * KIB)).toEqual([]);
  });
});

describe('calls', () => {
  const message = (bytes: number, n: number): Message => ({ id: String(n), body: '', bytes, points: 1 });
  const sizesOf = (sizes: number[], overhead = 0) =>
    callsOf(sizes.map(message), { messages: 3, bytes: 100, overhead }).map((call) => call.map(({ bytes }) => bytes));

  test('are as few as their limits allow, in order', () => {
    expect(sizesOf([50, 50, 1, 1, 1, 1, 100, 99, 2])).toEqual([[50, 50], [1, 1, 1], [1], [100], [99], [2]]);
  });

  test('count what each message takes besides its body', () => {
    expect(sizesOf([40, 40, 40], 10)).toEqual([[40, 40], [40]]);
  });
});
