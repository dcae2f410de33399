import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { PutEvents } from '../destinations/ports.ts';
import { callFailure } from './call-failure.ts';
import { forbidden } from './http/address-policy.ts';

/** Codes of a single event that are not its own fault. */
const MENDABLE = /throttl|internal/i;

/** The EventBridge destination's way out, to the buses that the deployment lists. */
export function putEvents(writeBuses: readonly string[], client: EventBridgeClient = eventBridge()): PutEvents {
  return async ({ bus, detailType, details, signal }) => {
    if (!writeBuses.includes(bus))
      throw forbidden(`${bus} is not an event bus that may be written to (setting writeBuses)`);
    const events = details.map((detail) => ({
      EventBusName: bus,
      Source: 'headgate',
      DetailType: detailType,
      Detail: detail,
    }));
    try {
      const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: events }), { abortSignal: signal });
      const failures = events.flatMap((_, index) => {
        const entry = Entries[index];
        if (entry?.EventId !== undefined) return [];
        const reason = entry?.ErrorCode ?? 'no word of an event';
        return [{ index, reason, mendable: entry?.ErrorCode === undefined || MENDABLE.test(reason) }];
      });
      return { failures };
    } catch (error) {
      if (signal.aborted) return { failures: [{ index: 'all', reason: 'no answer in time', mendable: true }] };
      return { failures: [{ index: 'all', ...callFailure(error) }] };
    }
  };
}

function eventBridge(): EventBridgeClient {
  return new EventBridgeClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 3_000, requestTimeout: 8_000, throwOnRequestTimeout: true },
  });
}
