import { PutCommand, paginateQuery, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { FeedRecord } from '../../domain/feeds/feed-record.ts';
import type { FeedRecords, KnownRecord } from '../../domain/feeds/feed-store.ts';
import { conditional, dynamo, storeCall } from '../dynamo.ts';

/* Items of the records table: `adapter_id`, `record_id`, what polls compare, and the record itself as JSON text, since
   what upstream says may nest deeper than the store allows. */

const NOT_FROM_LATER = 'attribute_not_exists(record_id) OR #cycle <= :cycle';

/** Records in DynamoDB, as polls write them. */
export function feedRecords(table: string): FeedRecords {
  return {
    known: (adapterId) =>
      storeCall(async () => {
        const found: KnownRecord[] = [];
        // What an earlier poll has written is many seconds old: it need not be asked for at twice the price.
        for await (const { Items = [] } of paginateQuery({ client: dynamo }, knownOf(table, adapterId))) {
          found.push(...Items.map(knownRecordOf));
        }
        return found;
      }),

    async put(record) {
      const put = new PutCommand({
        TableName: table,
        Item: recordItemOf(record),
        ConditionExpression: NOT_FROM_LATER,
        ExpressionAttributeNames: { '#cycle': 'cycle' },
        ExpressionAttributeValues: { ':cycle': record.cycle },
      });
      await conditional(() => dynamo.send(put));
    },

    async close({ adapterId, recordId, updatedAt, cycle, forgottenAt }) {
      const update = new UpdateCommand({
        TableName: table,
        Key: { adapter_id: adapterId, record_id: recordId },
        UpdateExpression: 'SET #status = :closed, updated_at = :at, #cycle = :cycle, expires_at = :expires',
        ConditionExpression: 'attribute_exists(record_id) AND #cycle <= :cycle',
        ExpressionAttributeNames: { '#status': 'status', '#cycle': 'cycle' },
        ExpressionAttributeValues: {
          ':closed': 'closed',
          ':at': updatedAt,
          ':cycle': cycle,
          ':expires': Math.ceil(forgottenAt / 1000),
        },
      });
      await conditional(() => dynamo.send(update));
    },
  };
}

function knownOf(table: string, adapterId: string) {
  return {
    TableName: table,
    KeyConditionExpression: 'adapter_id = :id',
    ProjectionExpression: 'record_id, part_id, digest, #status, aliases',
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: { ':id': adapterId },
  };
}

function knownRecordOf(item: Record<string, unknown>): KnownRecord {
  return {
    recordId: String(item.record_id),
    partId: String(item.part_id),
    digest: String(item.digest),
    status: item.status as FeedRecord['status'],
    aliases: item.aliases as string[],
  };
}

function recordItemOf(record: FeedRecord): Record<string, unknown> {
  const { adapterId, recordId, partId, digest, status, aliases, cycle, updatedAt, forgottenAt: _, ...said } = record;
  return {
    adapter_id: adapterId,
    record_id: recordId,
    part_id: partId,
    digest,
    status,
    aliases,
    cycle,
    updated_at: updatedAt,
    said: JSON.stringify(said),
  };
}

/** The inverse of what `put` and `close` write. */
export function recordOf(item: Record<string, unknown>): FeedRecord {
  const { expires_at: expiresAt } = item;
  return {
    ...(JSON.parse(String(item.said)) as FeedRecord),
    ...knownRecordOf(item),
    adapterId: String(item.adapter_id),
    cycle: Number(item.cycle),
    updatedAt: Number(item.updated_at),
    forgottenAt: expiresAt === undefined ? null : Number(expiresAt) * 1000,
  };
}
