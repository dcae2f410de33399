import { PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { dynamo, storeCall } from '../dynamo.ts';

/** Messages that were delivered more than once and are not done: how many there are the queue itself does not tell. */
export type Redeliveries = {
  /** It came again; it counts until it is done, or its queue has taken it back. */
  note(messageId: string): Promise<void>;
  done(messageId: string): Promise<void>;
  count(): Promise<number>;
};

/** Beside the heartbeats, and as short-lived: `type`, `hostname`. */
const TYPE = 'redelivered';
/** As long as the queue keeps a message from others (lib/polling/polling.ts). */
const TAKEN_MS = 15 * 60_000;
/** It goes along with polls that are not to wait for it. */
const PUTTING_MS = 1000;

/** In the heartbeats table, which those who note these may put items into, and nothing else. */
export function redeliveries(table: string, now: () => number): Redeliveries {
  const put = async (messageId: string, until: number) => {
    const expiry = { until, expires_at: Math.ceil(until / 1000) };
    const item = new PutCommand({ TableName: table, Item: { type: TYPE, hostname: messageId, ...expiry } });
    await storeCall(() => dynamo.send(item, { abortSignal: AbortSignal.timeout(PUTTING_MS) }));
  };
  return {
    note: (messageId) => put(messageId, now() + TAKEN_MS),
    done: (messageId) => put(messageId, now()),

    count: () =>
      storeCall(async () => {
        const query = {
          TableName: table,
          KeyConditionExpression: '#type = :type',
          FilterExpression: '#until > :now',
          ExpressionAttributeNames: { '#type': 'type', '#until': 'until' },
          ExpressionAttributeValues: { ':type': TYPE, ':now': now() },
          ConsistentRead: true,
          Select: 'COUNT' as const,
        };
        let count = 0;
        for await (const page of paginateQuery({ client: dynamo }, query)) count += page.Count ?? 0;
        return count;
      }),
  };
}
