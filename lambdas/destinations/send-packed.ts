import type { Delivery, OutgoingBatch } from '../domain/destination.ts';
import { type CallLimits, callsOf, type Message, packMessages } from './message-packing.ts';
import type { MessagesAnswer } from './ports.ts';

export type Packing = {
  /** Of one message, at most. */
  readonly messageBytes: number;
  readonly call: CallLimits;
  /** What is charged for a call, in billionths of a dollar. */
  readonly feeOf: (messages: readonly Message[]) => number;
  readonly send: (messages: readonly Message[]) => Promise<MessagesAnswer>;
};

/**
 * Sends a batch as messages, call after call, until one of them is not taken whole: then the batch is to be sent again
 * whole, under the same message ids.
 */
export async function sendPacked(batch: OutgoingBatch, packing: Packing, signal: AbortSignal): Promise<Delivery> {
  const messages = packMessages(batch, packing.messageBytes);
  if ('tooLarge' in messages) return oversized(messages.tooLarge.id, packing.messageBytes);
  let bytes = 0;
  let fee = 0;
  let accepted = 0;
  for (const call of callsOf(messages, packing.call)) {
    const answer = signal.aborted ? TOO_LATE : await packing.send(call);
    const taken = takenOf(call, answer);
    accepted += taken.points;
    bytes += taken.bytes;
    fee += packing.feeOf(call);
    if (answer.failures.length > 0) return failure(answer, accepted, batch.points.length);
  }
  return { outcome: 'accepted', bytes, fee };
}

const TOO_LATE: MessagesAnswer = { failures: [{ index: 'all', reason: 'no answer in time', mendable: true }] };

function takenOf(call: readonly Message[], { failures }: MessagesAnswer): { points: number; bytes: number } {
  const failed = new Set(failures.map(({ index }) => index));
  const taken = failed.has('all') ? [] : call.filter((_, index) => !failed.has(index));
  return {
    points: taken.reduce((sum, { points }) => sum + points, 0),
    bytes: taken.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

function failure({ failures }: MessagesAnswer, accepted: number, points: number): Delivery {
  const final = failures.find(({ mendable }) => !mendable);
  if (final) return { outcome: 'refused', reason: `destination refused: ${final.reason}` };
  const reason = `destination took ${accepted} of ${points} points: ${failures[0]?.reason}`;
  return accepted > 0 ? { outcome: 'partial', accepted, reason } : { outcome: 'retryable', reason };
}

function oversized(pointId: string, messageBytes: number): Delivery {
  const reason = `destination refused: point ${pointId} does not fit into a message of ${messageBytes} bytes`;
  return { outcome: 'refused', reason };
}
