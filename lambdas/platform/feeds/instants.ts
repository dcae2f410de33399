import { GetCommand, PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { conditional, dynamo, storeCall } from '../dynamo.ts';

/** Instants in the feeds table, one item each, that only ever move forward. */
export type Instants = {
  get(id: string): Promise<number | null>;
  all(): Promise<ReadonlyMap<string, number>>;
  /** Keeps the later of the two, with what is to be kept beside it. */
  record(id: string, instant: number, beside?: Readonly<Record<string, unknown>>): Promise<void>;
};

/** With `furthest`, one that is ahead by more milliseconds is no time to go by, and is replaced by an earlier one too. */
export function instants(table: string, part: string, furthest?: number): Instants {
  const isLater = 'attribute_not_exists(instant) OR instant < :instant';

  return {
    async get(id) {
      const get = new GetCommand({ TableName: table, Key: { part, adapter_id: id }, ConsistentRead: true });
      const { Item } = await storeCall(() => dynamo.send(get));
      return Item ? Number(Item.instant) : null;
    },

    all: () =>
      storeCall(async () => {
        const found = new Map<string, number>();
        for await (const { Items = [] } of paginateQuery({ client: dynamo }, partOf(table, part))) {
          for (const item of Items) found.set(String(item.adapter_id), Number(item.instant));
        }
        return found;
      }),

    async record(id, instant, beside = {}) {
      const put = new PutCommand({
        TableName: table,
        Item: { part, adapter_id: id, instant, ...beside },
        ConditionExpression: furthest === undefined ? isLater : `${isLater} OR instant > :furthest`,
        ExpressionAttributeValues: {
          ':instant': instant,
          ...(furthest !== undefined && { ':furthest': instant + furthest }),
        },
      });
      await conditional(() => dynamo.send(put));
    },
  };
}

/** The query for everything in one part of the feeds table. */
export function partOf(table: string, part: string) {
  return {
    TableName: table,
    KeyConditionExpression: 'part = :part',
    ExpressionAttributeValues: { ':part': part },
    ConsistentRead: true,
  };
}
