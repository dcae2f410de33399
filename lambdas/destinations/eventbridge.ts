import type { Destination } from '../domain/destination.ts';
import type { EventBridgeDestinationConfig } from './eventbridge-config.ts';
import type { DestinationPorts } from './ports.ts';
import { sendPacked } from './send-packed.ts';

const KIB = 1024;
/** Of one PutEvents. Besides its detail, an event counts with its source and detail type: at most 128 characters of four bytes. */
const CALL = { messages: 10, bytes: 256 * KIB, overhead: KIB };

/** Of an event, in billionths of a dollar (us-east-1, 2026); each 64 KiB of one count as one. */
const EVENT_FEE = 1_000;
const EVENT_BYTES = 64 * KIB;

/** Packs each batch into events, their details the documents. */
export function eventBridgeDestination(
  config: EventBridgeDestinationConfig,
  ports: Pick<DestinationPorts, 'putEvents'>,
): Destination {
  return {
    send: (batch, signal) =>
      sendPacked(
        batch,
        {
          messageBytes: CALL.bytes - CALL.overhead,
          call: CALL,
          feeOf: (messages) => messages.reduce((fee, { bytes }) => fee + EVENT_FEE * Math.ceil(bytes / EVENT_BYTES), 0),
          send: (messages) =>
            ports.putEvents({
              bus: config.bus,
              detailType: config.detail_type,
              details: messages.map(({ body }) => body),
              signal,
            }),
        },
        signal,
      ),
  };
}
