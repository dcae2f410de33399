import { describe, expect, test } from '@jest/globals';
import { eventBridgeDestination } from '../../lambdas/destinations/eventbridge.ts';
import type { MessagesAnswer } from '../../lambdas/destinations/ports.ts';
import { sqsDestination } from '../../lambdas/destinations/sqs.ts';
import type { Destination } from '../../lambdas/domain/destination.ts';
import { itBehavesLikeADestination, type Stage } from '../support/destination-contract.ts';
import { outgoingBatch } from '../support/outgoing-batch.ts';

const queueUrl = 'https://sqs.eu-west-1.amazonaws.com/123456789012/points';
const inTime = () => AbortSignal.timeout(1000);
const taken: MessagesAnswer = { failures: [] };
const failed = (index: number | 'all', reason: string, mendable: boolean) => ({ index, reason, mendable });

/** Of each call the documents; answers to the calls one each, then all are taken. */
type Kind = (answer: (call: readonly string[], signal: AbortSignal) => Promise<MessagesAnswer>) => Destination;
const kinds: readonly [string, Kind][] = [
  [
    'sqs',
    (answer) =>
      sqsDestination(
        { type: 'sqs', queue_url: queueUrl, message_bytes: 4096 },
        {
          sendMessages: ({ messages, signal }) =>
            answer(
              messages.map(({ body }) => body),
              signal,
            ),
        },
      ),
  ],
  [
    'eventbridge',
    (answer) =>
      eventBridgeDestination(
        { type: 'eventbridge', bus: 'points', detail_type: 'points' },
        { putEvents: ({ details, signal }) => answer(details, signal) },
      ),
  ],
];

describe.each(kinds)('%s', (name, open) => {
  itBehavesLikeADestination(name, (stage: Stage) => {
    const arrived: string[] = [];
    const answers: { [S in Stage]: (signal: AbortSignal) => Promise<MessagesAnswer> } = {
      accepting: async () => taken,
      busy: async () => ({ failures: [failed('all', 'RequestThrottled', true)] }),
      refusing: async () => ({ failures: [failed('all', 'AccessDenied', false)] }),
      silent: (signal) =>
        new Promise((resolve) =>
          signal.addEventListener('abort', () => resolve({ failures: [failed('all', 'no answer in time', true)] })),
        ),
    };
    const destination = open((call, signal) => {
      arrived.push(call.join('\n'));
      return answers[stage](signal);
    });
    return { arrived, destination };
  });

  // Three points to a call on EventBridge, three messages of one point each on SQS.
  const points = Array.from({ length: 12 }, (_, n) => ({
    id: `p${n}`,
    json: `{"id":"p${n}","data":"${'x'.repeat(name === 'sqs' ? 2500 : 80_000)}"}`,
  }));

  /** The n-th call is answered so; the others are taken. */
  async function sendWith(at: number, answer: MessagesAnswer, destinationSignal = inTime()) {
    const calls: string[][] = [];
    const destination = open(async (call) => (calls.push([...call]) === at + 1 ? answer : taken));
    return { delivery: await destination.send(outgoingBatch(0, { points }), destinationSignal), calls };
  }

  test('what the service charges is told: per 64 KiB of a request on SQS, of an event on EventBridge', async () => {
    const { delivery, calls } = await sendWith(99, taken);
    // Two requests of at most 64 KiB; four events of between 192 and 256 KiB.
    expect([calls.length, delivery]).toEqual(
      name === 'sqs'
        ? [2, expect.objectContaining({ outcome: 'accepted', fee: 2 * 400 })]
        : [4, expect.objectContaining({ outcome: 'accepted', fee: 4 * 4 * 1000 })],
    );
  });

  test('what was taken of a batch counts, and the batch is to be sent again', async () => {
    const { delivery, calls } = await sendWith(1, { failures: [failed('all', 'RequestThrottled', true)] });
    const accepted = calls[0]?.flatMap((body) => JSON.parse(body).data_points).length;
    expect(delivery).toEqual({
      outcome: 'partial',
      accepted,
      reason: `destination took ${accepted} of 12 points: RequestThrottled`,
    });
    expect(calls).toHaveLength(2);
  });

  test('one message that is refused for good ends the run', async () => {
    const failures = [failed(0, 'InternalFailure', true), failed(1, 'InvalidMessageContents', false)];
    expect((await sendWith(0, { failures })).delivery).toEqual({
      outcome: 'refused',
      reason: 'destination refused: InvalidMessageContents',
    });
  });

  test('sent again, every message has the same content under the same id', async () => {
    const first = await sendWith(0, { failures: [failed(0, 'InternalFailure', true)] });
    const again = await sendWith(99, taken);
    expect(again.delivery).toMatchObject({ outcome: 'accepted' });
    expect(again.calls[0]).toEqual(first.calls[0]);
  });

  test('no call begins after the signal', async () => {
    const abort = new AbortController();
    let calls = 0;
    const destination = open(async () => {
      calls += 1;
      abort.abort();
      return taken;
    });
    const delivery = await destination.send(outgoingBatch(0, { points }), abort.signal);
    expect(delivery).toMatchObject({ outcome: 'partial', reason: expect.stringContaining('no answer in time') });
    expect(calls).toBe(1);
  });

  test('a point that no message can hold ends the run, and is named', async () => {
    const large = { id: 'whale', json: `{"id":"whale","data":"${'x'.repeat(300_000)}"}` };
    const destination = open(async () => taken);
    expect(await destination.send(outgoingBatch(0, { points: [large] }), inTime())).toEqual({
      outcome: 'refused',
      reason: `destination refused: point whale does not fit into a message of ${name === 'sqs' ? 4096 : 261_120} bytes`,
    });
  });
});

test('sqs: characters that a message may not hold are written as escapes', async () => {
  const bodies: string[] = [];
  const destination = sqsDestination(
    { type: 'sqs', queue_url: queueUrl, message_bytes: 4096 },
    {
      sendMessages: async ({ messages }) => {
        bodies.push(...messages.map(({ body }) => body));
        return taken;
      },
    },
  );
  const data = 'a\uFFFEb\uFFFFc';
  await destination.send(outgoingBatch(0, { points: [{ id: 'p', json: JSON.stringify({ data }) }] }), inTime());
  expect(bodies[0]).not.toMatch(/[\uFFFE\uFFFF]/);
  expect(JSON.parse(bodies[0] ?? '').data_points).toEqual([{ data }]);
});
