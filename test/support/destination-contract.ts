import { describe, expect, test } from '@jest/globals';
import type { Destination } from '../../lambdas/domain/destination.ts';
import { outgoingBatch } from './outgoing-batch.ts';

export type Rehearsal = {
  readonly destination: Destination;
  /** What arrived outside, one text per attempt. */
  readonly arrived: readonly string[];
};

/** How the outside behaves: it takes the batch, may take it later, never will, or says nothing until the signal fires. */
export type Stage = 'accepting' | 'busy' | 'refusing' | 'silent';

/** What every kind of destination promises (lambdas/domain/destination.ts). */
export function itBehavesLikeADestination(name: string, rehearse: (stage: Stage) => Rehearsal): void {
  const inTime = () => AbortSignal.timeout(5000);

  describe(`${name} is a destination`, () => {
    test('hands over the text of each point unchanged and in order', async () => {
      const { destination, arrived } = rehearse('accepting');
      const oddities = [
        '{"id":"a","timestamp":null,"data":{"x":1.10,"y":1e400}}',
        '{"id":"b","timestamp":null,"data":{"ü":"\\u0000"}}',
      ];
      const points = oddities.map((json, n) => ({ id: String(n), json }));
      await destination.send(outgoingBatch(0, { points }), inTime());
      const [first, second] = oddities.map((json) => arrived[0]?.indexOf(json) ?? -1);
      expect(first).toBeGreaterThanOrEqual(0);
      expect(second).toBeGreaterThan(first ?? 0);
    });

    test('tells the bytes of an accepted batch', async () => {
      const { destination, arrived } = rehearse('accepting');
      const delivery = await destination.send(outgoingBatch(), inTime());
      expect(delivery).toMatchObject({ outcome: 'accepted', bytes: Buffer.byteLength(arrived[0] ?? '') });
    });

    test('sends the same batch again byte for byte', async () => {
      const { destination, arrived } = rehearse('accepting');
      await destination.send(outgoingBatch(), inTime());
      await destination.send(outgoingBatch(), inTime());
      expect(arrived).toHaveLength(2);
      expect(arrived[1]).toBe(arrived[0]);
    });

    test('asks for another try when the outside is busy', async () => {
      const delivery = await rehearse('busy').destination.send(outgoingBatch(), inTime());
      expect(delivery).toMatchObject({ outcome: 'retryable', reason: expect.stringMatching(/^destination /) });
    });

    test('ends the run when the outside refuses', async () => {
      const delivery = await rehearse('refusing').destination.send(outgoingBatch(), inTime());
      expect(delivery).toMatchObject({ outcome: 'refused', reason: expect.stringMatching(/^destination refused: /) });
    });

    test('is over when the signal fires, and does not count silence as an acknowledgement', async () => {
      const abort = new AbortController();
      const sending = rehearse('silent').destination.send(outgoingBatch(), abort.signal);
      abort.abort(new Error('the permit ran out'));
      expect(await sending).toMatchObject({ outcome: 'retryable' });
    });
  });
}
