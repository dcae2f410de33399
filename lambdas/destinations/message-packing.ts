import type { DataPoint, OutgoingBatch } from '../domain/destination.ts';

/** Some of a batch's points in one document; `bytes` as UTF-8. */
export type Message = { readonly id: string; readonly body: string; readonly bytes: number; readonly points: number };

/**
 * Room for what a message holds besides its points. A fixed one: the points of a message must not depend on the length
 * of an execution's id, or a batch that is sent again by another execution would be packed another way.
 */
const ENVELOPE_BYTES = 1024;

/**
 * Packs points in their order into as few messages of at most `mostBytes` as that allows. A message has the document of
 * an HTTP batch and a `message_id` of its own, `<batch_id>/<n>`, n from 1: the same batch gives the same messages.
 * Answers the first point that no message can hold, if there is one.
 */
export function packMessages(
  batch: OutgoingBatch,
  mostBytes: number,
): readonly Message[] | { readonly tooLarge: DataPoint } {
  const room = mostBytes - ENVELOPE_BYTES;
  const packs: DataPoint[][] = [];
  let left = -1;
  for (const point of batch.points) {
    const bytes = Buffer.byteLength(point.json) + 1;
    if (bytes > room) return { tooLarge: point };
    left -= bytes;
    if (left >= 0) {
      packs.at(-1)?.push(point);
      continue;
    }
    packs.push([point]);
    left = room - bytes;
  }
  return packs.map((points, index) => messageOf(batch, points, index + 1));
}

function messageOf(batch: OutgoingBatch, points: readonly DataPoint[], n: number): Message {
  const { wrapperId, executionId, batchId, phase } = batch;
  const id = `${batchId}/${n}`;
  const head = JSON.stringify({
    wrapper_id: wrapperId,
    execution_id: executionId,
    batch_id: batchId,
    message_id: id,
    phase,
  });
  const body = `${head.slice(0, -1)},"data_points":[${points.map((point) => point.json).join(',')}]}`;
  return { id, body, bytes: Buffer.byteLength(body), points: points.length };
}

export type CallLimits = {
  readonly messages: number;
  /** Of all messages of one call together. */
  readonly bytes: number;
  /** What each message counts for besides its body. */
  readonly overhead: number;
};

/** Messages that go out together, in their order. */
export function callsOf(messages: readonly Message[], limits: CallLimits): Message[][] {
  const calls: Message[][] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = message.bytes + limits.overhead;
    const call = calls.at(-1);
    if (call && call.length < limits.messages && bytes + size <= limits.bytes) {
      call.push(message);
      bytes += size;
    } else {
      calls.push([message]);
      bytes = size;
    }
  }
  return calls;
}
