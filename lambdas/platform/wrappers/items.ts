import { BatchWriteCommand, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { decodeCursor, dynamo, encodeCursor, storeCall } from '../dynamo.ts';

/* Items of the wrappers table: `wrapper_id`, `item` and a `value`. */

export type PageRequest = { readonly limit: number; readonly cursor?: string | undefined };
export type Page<Item> = { readonly items: readonly Item[]; readonly nextCursor: string | null };

/** A value beside its key; `value` is a map, or JSON text where it may nest deeper than the store allows. */
export function itemOf(wrapperId: string, item: string, value: unknown): Record<string, unknown> {
  return { wrapper_id: wrapperId, item, value };
}

export async function put(table: string, wrapperId: string, item: string, value: unknown): Promise<void> {
  await storeCall(() => dynamo.send(new PutCommand({ TableName: table, Item: itemOf(wrapperId, item, value) })));
}

export async function load<Value>(table: string, wrapperId: string, item: string): Promise<Value | null> {
  const Key = { wrapper_id: wrapperId, item };
  const { Item } = await storeCall(() => dynamo.send(new GetCommand({ TableName: table, Key, ConsistentRead: true })));
  return Item ? (Item.value as Value) : null;
}

/** One page of the items whose keys begin alike. */
export function list<Value>(
  table: string,
  wrapperId: string,
  prefix: string,
  page: PageRequest,
  forward: boolean,
): Promise<Page<Value>> {
  const condition = { text: 'begins_with(#item, :prefix)', values: { ':prefix': prefix } };
  return query(table, wrapperId, condition, page, prefix, forward);
}

/** One page of the items whose keys are between two, in their order. */
export async function listBetween<Value>(
  table: string,
  wrapperId: string,
  { from, to }: { readonly from: string; readonly to: string },
  page: PageRequest,
): Promise<Page<Value>> {
  const prefix = from.slice(0, from.lastIndexOf('#') + 1);
  // The store takes no start that is not between them; behind them there is nothing.
  if (page.cursor !== undefined && decodeCursor(page.cursor, prefix) > to) return { items: [], nextCursor: null };
  const condition = { text: '#item BETWEEN :from AND :to', values: { ':from': from, ':to': to } };
  return query(table, wrapperId, condition, page, prefix, true);
}

type KeyCondition = { readonly text: string; readonly values: Readonly<Record<string, string>> };

async function query<Value>(
  table: string,
  wrapperId: string,
  condition: KeyCondition,
  page: PageRequest,
  cursorPrefix: string,
  forward: boolean,
): Promise<Page<Value>> {
  const start = page.cursor === undefined ? undefined : decodeCursor(page.cursor, cursorPrefix);
  const { Items = [], LastEvaluatedKey } = await storeCall(() =>
    dynamo.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: `wrapper_id = :id AND ${condition.text}`,
        ExpressionAttributeNames: { '#item': 'item' },
        ExpressionAttributeValues: { ':id': wrapperId, ...condition.values },
        ScanIndexForward: forward,
        Limit: page.limit,
        ConsistentRead: true,
        ...(start === undefined ? {} : { ExclusiveStartKey: { wrapper_id: wrapperId, item: start } }),
      }),
    ),
  );
  return { items: Items.map((item) => item.value as Value), nextCursor: encodeCursor(LastEvaluatedKey?.item) };
}

/** Keys of a wrapper's items, as many as one answer holds, without one. */
export async function keysBut(table: string, wrapperId: string, but: string): Promise<string[]> {
  const { Items = [] } = await storeCall(() =>
    dynamo.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'wrapper_id = :id',
        ExpressionAttributeNames: { '#item': 'item' },
        ExpressionAttributeValues: { ':id': wrapperId },
        ProjectionExpression: '#item',
        ConsistentRead: true,
      }),
    ),
  );
  return Items.map((item) => String(item.item)).filter((item) => item !== but);
}

export async function putAll(table: string, items: readonly Record<string, unknown>[]): Promise<void> {
  await writeAll(
    table,
    items.map((Item) => ({ PutRequest: { Item } })),
  );
}

export async function deleteAll(table: string, wrapperId: string, keys: readonly string[]): Promise<void> {
  await writeAll(
    table,
    keys.map((item) => ({ DeleteRequest: { Key: { wrapper_id: wrapperId, item } } })),
  );
}

type Write = { PutRequest: { Item: Record<string, unknown> } } | { DeleteRequest: { Key: Record<string, unknown> } };

/** The most that one BatchWriteItem takes. */
const BATCH_WRITE = 25;

/** Writes in batches, again whatever the store has not taken. */
async function writeAll(table: string, writes: readonly Write[]): Promise<void> {
  for (let at = 0; at < writes.length; at += BATCH_WRITE) {
    let left: readonly Write[] = writes.slice(at, at + BATCH_WRITE);
    while (left.length > 0) {
      const request = new BatchWriteCommand({ RequestItems: { [table]: [...left] } });
      const { UnprocessedItems } = await storeCall(() => dynamo.send(request));
      left = (UnprocessedItems?.[table] as Write[] | undefined) ?? [];
    }
  }
}
