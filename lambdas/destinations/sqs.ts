import type { DataPoint, Destination } from '../domain/destination.ts';
import type { Message } from './message-packing.ts';
import type { DestinationPorts } from './ports.ts';
import { sendPacked } from './send-packed.ts';
import type { SqsDestinationConfig } from './sqs-config.ts';

/** Of one SendMessageBatch. */
const CALL = { messages: 10, bytes: 1024 * 1024, overhead: 0 };

/** Of a request, in billionths of a dollar (us-east-1, 2026); each 64 KiB of its messages together count as one. */
const REQUEST_FEE = 400;
const REQUEST_BYTES = 64 * 1024;

/**
 * Packs each batch into messages of a queue. A FIFO queue gets them under their ids as deduplication ids, in one group
 * per wrapper.
 */
export function sqsDestination(
  config: SqsDestinationConfig,
  ports: Pick<DestinationPorts, 'sendMessages'>,
): Destination {
  return {
    send: (batch, signal) =>
      sendPacked(
        { ...batch, points: batch.points.map(withoutNoncharacters) },
        {
          messageBytes: config.message_bytes,
          call: CALL,
          feeOf: (messages) => REQUEST_FEE * Math.ceil(sumOf(messages) / REQUEST_BYTES),
          send: (messages) =>
            ports.sendMessages({
              queueUrl: config.queue_url,
              groupId: batch.wrapperId,
              messages,
              signal,
            }),
        },
        signal,
      ),
  };
}

function sumOf(messages: readonly Message[]): number {
  return messages.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** SQS refuses these two characters, which JSON can also write as escapes: the same text once it is parsed. */
function withoutNoncharacters({ id, json }: DataPoint): DataPoint {
  return { id, json: json.replaceAll('\uFFFE', '\\ufffe').replaceAll('\uFFFF', '\\uffff') };
}
