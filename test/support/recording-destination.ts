import type { Delivery, Destination, OutgoingBatch } from '../../lambdas/domain/destination.ts';
import { aborted } from './aborted.ts';
import { soundWire, type Wire } from './wire.ts';

/** How the destination treats one attempt. `accept-then-drop`: it keeps the batch and says so to nobody. */
export type Behaviour = 'accept' | 'accept-then-drop' | 'partial' | 'busy' | 'refuse' | 'hang';

export type Attempt = {
  readonly batchId: string;
  readonly executionId: string;
  readonly ids: readonly string[];
  readonly behaviour: Behaviour;
};

export type RecordingDestination = Destination & {
  /** Every attempt that reached it. */
  readonly attempts: Attempt[];
  /** The points it keeps, in the order of their first arrival. */
  readonly kept: string[];
  /** Whether it keeps the point. */
  keeps(id: string): boolean;
  /** How many points the batch has that it took whole under this id; undefined: it took none. */
  taken(batchId: string): number | undefined;
  /** What is wrong with what it was sent: the same point under two batches, or one batch with two contents. */
  problems(): string[];
  /** How the next attempts go, one each; then `accept`. */
  readonly script: Behaviour[];
  retryAfterMs: number | undefined;
  over(wire: Wire): Destination;
  /** Called when an attempt begins, and again when its bytes arrive. */
  onSend: (batch: OutgoingBatch) => void;
};

/**
 * A destination that judges. It takes idempotency keys at their word, as real ones do: a batch id it has seen is
 * accepted unread, so an id that stands for two batches loses data here.
 */
export function recordingDestination(): RecordingDestination {
  const attempts: Attempt[] = [];
  const kept: string[] = [];
  const script: Behaviour[] = [];
  const contents = new Map<string, string>();
  const batchOf = new Map<string, string>();
  const problems = new Set<string>();

  function keep(batch: OutgoingBatch, count = batch.points.length): void {
    const points = batch.points.slice(0, count);
    for (const { id } of points) {
      const other = batchOf.get(id);
      if (other === undefined) kept.push(id);
      else if (other !== batch.batchId) problems.add(`I2: point ${id} came in two batches`);
      batchOf.set(id, batch.batchId);
    }
  }

  function take(batch: OutgoingBatch): void {
    if (!seen.has(batch.batchId)) keep(batch);
    seen.set(batch.batchId, batch.points.length);
  }

  function judge(batch: OutgoingBatch): void {
    const content = JSON.stringify(batch.points);
    const before = contents.get(batch.batchId);
    if (before !== undefined && before !== content) problems.add(`I2: batch ${batch.batchId} came with two contents`);
    contents.set(batch.batchId, content);
  }

  async function receive(batch: OutgoingBatch, signal: AbortSignal, behaviour: Behaviour): Promise<Delivery> {
    judge(batch);
    attempts.push({
      batchId: batch.batchId,
      executionId: batch.executionId,
      ids: batch.points.map(({ id }) => id),
      behaviour,
    });
    switch (behaviour) {
      case 'accept':
        take(batch);
        return { outcome: 'accepted', bytes: 10 * batch.points.length };
      case 'accept-then-drop':
        take(batch);
        return { outcome: 'retryable', reason: 'destination closed the connection' };
      case 'partial':
        keep(batch, 1);
        return { outcome: 'partial', accepted: 1, reason: 'destination took 1 point' };
      case 'busy':
        return {
          outcome: 'retryable',
          reason: 'destination is busy',
          ...(destination.retryAfterMs === undefined ? {} : { retryAfterMs: destination.retryAfterMs }),
        };
      case 'refuse':
        return { outcome: 'refused', reason: 'destination refused: HTTP 422' };
      default:
        await aborted(signal);
        return { outcome: 'retryable', reason: 'destination did not answer' };
    }
  }

  const seen = new Map<string, number>();
  const over = (wire: Wire): Destination => ({
    async send(batch, signal) {
      if (signal.aborted) return { outcome: 'retryable', reason: 'cut off' };
      destination.onSend(batch);
      const behaviour = script.shift() ?? 'accept';
      const cutOff: Delivery = { outcome: 'retryable', reason: 'cut off' };
      const answered = wire<Delivery>('destination.send', () => {
        if (signal.aborted) return cutOff;
        destination.onSend(batch);
        return receive(batch, signal, behaviour);
      });
      return Promise.race([answered, aborted(signal).then(() => cutOff)]);
    },
  });
  const destination: RecordingDestination = {
    ...over(soundWire),
    attempts,
    kept,
    keeps: (id) => batchOf.has(id),
    taken: (batchId) => seen.get(batchId),
    problems: () => [...problems],
    script,
    retryAfterMs: undefined,
    over,
    onSend: () => undefined,
  };
  return destination;
}
