import { GetCommand, PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { FeedHealth } from '../../domain/feeds/feed-health.ts';
import type { FeedHealths } from '../../domain/feeds/feed-store.ts';
import { conditional, dynamo, storeCall } from '../dynamo.ts';
import { partOf } from './instants.ts';

const PART = 'health';

/** Health in the feeds table, one item for each adapter, all of them under one key: a query reads them, never a scan. */
export function feedHealths(table: string): FeedHealths {
  return {
    all: () =>
      storeCall(async () => {
        const found: FeedHealth[] = [];
        for await (const { Items = [] } of paginateQuery({ client: dynamo }, partOf(table, PART))) {
          found.push(...Items.map(healthOf));
        }
        return found;
      }),

    async get(adapterId) {
      const key = { part: PART, adapter_id: adapterId };
      const get = new GetCommand({ TableName: table, Key: key, ConsistentRead: true });
      const { Item } = await storeCall(() => dynamo.send(get));
      return Item ? healthOf(Item) : null;
    },

    replace(next) {
      const isFirst = next.revision === 1;
      const put = new PutCommand({
        TableName: table,
        Item: itemOf(next),
        ConditionExpression: isFirst ? 'attribute_not_exists(revision)' : 'revision = :before',
        ...(!isFirst && { ExpressionAttributeValues: { ':before': next.revision - 1 } }),
      });
      return conditional(() => dynamo.send(put));
    },
  };
}

function itemOf({ adapterId, ...health }: FeedHealth): Record<string, unknown> {
  return { part: PART, adapter_id: adapterId, ...health };
}

/** The inverse of `itemOf`, which alone writes these items; earlier code counted no polls. */
function healthOf({ part: _, adapter_id, ...health }: Record<string, unknown>): FeedHealth {
  return { completedPolls: 0, failedPolls: 0, ...health, adapterId: adapter_id } as FeedHealth;
}
