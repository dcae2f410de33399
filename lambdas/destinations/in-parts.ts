import type { Delivery, Destination, OutgoingBatch } from '../domain/destination.ts';

/** Once may be an accident of the moment; twice in a row, at the same size, is what the destination can take. */
const PARTIALS_BEFORE_PARTS = 2;

/** How far one batch has got, as long as this instance lives; without it, the batch begins again whole. */
type Progress = {
  readonly batchId: string;
  /** In a row, at the present size. */
  partials: number;
  /** Most points in one part. */
  most: number;
  /** Points of parts that were accepted whole, from the batch's beginning. */
  done: number;
  bytes: number;
  fee: number;
};

/**
 * Brings a batch that is accepted in part again and again through in parts of the size that was accepted, so that a
 * destination with a limit makes progress. Which points a count stands for is anybody's guess, so it only sizes the
 * parts: each is a batch of its own, `<batch_id>/<first>-<last>` (points counted from 1), and has to be accepted whole.
 * The id tells exactly which points it stands for.
 */
export function inParts(destination: Destination): Destination {
  let progress: Progress | undefined;
  return {
    async send(batch, signal) {
      if (progress?.batchId !== batch.batchId) progress = beginningOf(batch);
      const delivery = await (progress.most < batch.points.length
        ? sendParts(batch, progress, destination, signal)
        : destination.send(batch, signal));
      if (delivery.outcome === 'partial') notePartial(progress, delivery.accepted);
      else if (delivery.outcome === 'accepted') progress = undefined;
      return delivery;
    },
  };
}

function beginningOf(batch: OutgoingBatch): Progress {
  return { batchId: batch.batchId, partials: 0, most: batch.points.length, done: 0, bytes: 0, fee: 0 };
}

function notePartial(progress: Progress, accepted: number): void {
  progress.partials += 1;
  if (progress.partials < PARTIALS_BEFORE_PARTS || accepted === 0) return;
  progress.most = accepted;
  progress.partials = 0;
}

async function sendParts(
  batch: OutgoingBatch,
  progress: Progress,
  destination: Destination,
  signal: AbortSignal,
): Promise<Delivery> {
  while (progress.done < batch.points.length) {
    if (signal.aborted) return { outcome: 'retryable', reason: 'destination did not take all parts in time' };
    const points = batch.points.slice(progress.done, progress.done + progress.most);
    const end = progress.done + points.length;
    const part = { ...batch, batchId: `${batch.batchId}/${progress.done + 1}-${end}`, points };
    const delivery = await destination.send(part, signal);
    if (delivery.outcome !== 'accepted') return delivery;
    progress.done = end;
    progress.partials = 0;
    progress.bytes += delivery.bytes;
    progress.fee += delivery.fee ?? 0;
  }
  const { bytes, fee } = progress;
  return { outcome: 'accepted', bytes, fee };
}
