import type { Destination } from '../domain/destination.ts';
import type { EventBridgeDestinationConfig } from './eventbridge-config.ts';
import type { DestinationPorts } from './ports.ts';
import { sendPacked } from './send-packed.ts';

const KIB = 1024;
/** Of one PutEvents. Besides its detail, an event counts with its source and detail type: at most 128 characters of four bytes. */
const CALL = { messages: 10, bytes: 256 * KIB, overhead: KIB };

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
