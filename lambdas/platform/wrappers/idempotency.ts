import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { RetryableError } from '../../domain/errors.ts';
import { conditional, dynamo, storeCall } from '../dynamo.ts';
import { itemKeys } from './keys.ts';

/** What an idempotency key stands for: a request, and the run that it came to. */
export type Reservation = {
  readonly requestHash: string;
  /** Epoch seconds: tells one use of a key from the next, a day later. */
  readonly expiresAt: number;
  readonly epoch: number | null;
};

export type Idempotency = {
  /** Takes the key for a request, or answers what it was taken for within the last 24 hours. */
  reserve(wrapperId: string, keyHash: string, requestHash: string, now: number): Promise<Reservation>;
  /** Remembers the run. */
  bind(wrapperId: string, keyHash: string, epoch: number): Promise<void>;
};

const KEPT_SECONDS = 24 * 60 * 60;

export function idempotency(table: string): Idempotency {
  const keyOf = (wrapperId: string, hash: string) => ({ wrapper_id: wrapperId, item: itemKeys.idempotency(hash) });
  return {
    async reserve(wrapperId, keyHash, requestHash, now) {
      const seconds = Math.floor(now / 1000);
      const expiresAt = seconds + KEPT_SECONDS;
      const Key = keyOf(wrapperId, keyHash);
      // Expired items may linger for days: they count as gone.
      const taken = await conditional(() =>
        dynamo.send(
          new PutCommand({
            TableName: table,
            Item: { ...Key, request_hash: requestHash, expires_at: expiresAt },
            ConditionExpression: 'attribute_not_exists(wrapper_id) OR expires_at < :now',
            ExpressionAttributeValues: { ':now': seconds },
          }),
        ),
      );
      if (taken) return { requestHash, expiresAt, epoch: null };
      const { Item } = await storeCall(() =>
        dynamo.send(new GetCommand({ TableName: table, Key, ConsistentRead: true })),
      );
      if (!Item) throw new RetryableError('the idempotency key was given up meanwhile');
      return { requestHash: Item.request_hash, expiresAt: Item.expires_at, epoch: Item.epoch ?? null };
    },

    async bind(wrapperId, keyHash, epoch) {
      await storeCall(() =>
        dynamo.send(
          new UpdateCommand({
            TableName: table,
            Key: keyOf(wrapperId, keyHash),
            UpdateExpression: 'SET epoch = :epoch',
            ExpressionAttributeValues: { ':epoch': epoch },
          }),
        ),
      );
    },
  };
}
