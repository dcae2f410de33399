import { BatchWriteCommand, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Checkpoint, Run } from '../../domain/run/run-state.ts';
import type { LogEntry, QuarantinedRow, RunHistory } from '../../domain/run/run-store.ts';
import type { ReadingPlan } from '../../domain/source.ts';
import { conditional, decodeCursor, dynamo, encodeCursor, storeCall } from '../dynamo.ts';
import { itemKeys } from './keys.ts';

export type PageRequest = { readonly limit: number; readonly cursor?: string | undefined };
export type Page<Item> = { readonly items: readonly Item[]; readonly nextCursor: string | null };

export type WrapperHistory = RunHistory & {
  loadRun(wrapperId: string, epoch: number): Promise<Run | null>;
  loadCheckpoint(wrapperId: string, seq: number): Promise<Checkpoint | null>;
  /** All lists are newest first, but the quarantined rows, which go as the file goes. */
  listRuns(wrapperId: string, page: PageRequest): Promise<Page<Run>>;
  listLogs(wrapperId: string, page: PageRequest): Promise<Page<LogEntry>>;
  listCheckpoints(wrapperId: string, page: PageRequest): Promise<Page<Checkpoint>>;
  listQuarantined(wrapperId: string, run: Run, page: PageRequest): Promise<Page<QuarantinedRow>>;
  /** Removes everything but the state. */
  purge(wrapperId: string): Promise<void>;
};

/** What runs leave behind, as items beside the wrapper's state. */
export function runHistory(table: string): WrapperHistory {
  return {
    putRun: (wrapperId, run) => put(table, wrapperId, itemKeys.run(run.epoch), run),
    putLog: (wrapperId, key, entry) => put(table, wrapperId, itemKeys.log(entry.at, key), entry),
    putCheckpoint: (wrapperId, checkpoint) => put(table, wrapperId, itemKeys.checkpoint(checkpoint.seq), checkpoint),

    async putQuarantined(wrapperId, run, seq, rows) {
      const items = rows.map((row) => itemOf(wrapperId, itemKeys.quarantine(run.epoch, seq, row.row), { ...row, seq }));
      await writeAll(
        table,
        items.map((Item) => ({ PutRequest: { Item } })),
      );
    },

    async pinPlan(wrapperId, lineage, plan) {
      const Item = itemOf(wrapperId, itemKeys.plan(lineage), JSON.stringify(plan));
      const ConditionExpression = 'attribute_not_exists(wrapper_id)';
      const first = await conditional(() =>
        dynamo.send(new PutCommand({ TableName: table, Item, ConditionExpression })),
      );
      return first ? plan : ((await loadPlan(table, wrapperId, lineage)) ?? plan);
    },

    loadPlan: (wrapperId, lineage) => loadPlan(table, wrapperId, lineage),
    loadRun: (wrapperId, epoch) => load<Run>(table, wrapperId, itemKeys.run(epoch)),
    loadCheckpoint: (wrapperId, seq) => load<Checkpoint>(table, wrapperId, itemKeys.checkpoint(seq)),
    listRuns: (wrapperId, page) => list<Run>(table, wrapperId, 'run#', page, false),
    listLogs: (wrapperId, page) => list<LogEntry>(table, wrapperId, 'log#', page, false),
    listCheckpoints: (wrapperId, page) => list<Checkpoint>(table, wrapperId, 'checkpoint#', page, false),

    async listQuarantined(wrapperId, run, page) {
      type Stored = QuarantinedRow & { seq: number };
      const found = await list<Stored>(table, wrapperId, itemKeys.quarantineOf(run.epoch), page, true);
      // Rows of a batch that this run did not come to commit belong to the run that did.
      return { ...found, items: found.items.filter((row) => row.seq < run.lastSeq) };
    },

    async purge(wrapperId) {
      for (;;) {
        const keys = (await otherKeys(table, wrapperId)).map((item) => ({
          DeleteRequest: { Key: { wrapper_id: wrapperId, item } },
        }));
        if (keys.length === 0) return;
        await writeAll(table, keys);
      }
    },
  };
}

/** A value beside its key; `value` is a map, or JSON text where it may nest deeper than the store allows. */
function itemOf(wrapperId: string, item: string, value: unknown): Record<string, unknown> {
  return { wrapper_id: wrapperId, item, value };
}

async function put(table: string, wrapperId: string, item: string, value: unknown): Promise<void> {
  await storeCall(() => dynamo.send(new PutCommand({ TableName: table, Item: itemOf(wrapperId, item, value) })));
}

async function load<Value>(table: string, wrapperId: string, item: string): Promise<Value | null> {
  const Key = { wrapper_id: wrapperId, item };
  const { Item } = await storeCall(() => dynamo.send(new GetCommand({ TableName: table, Key, ConsistentRead: true })));
  return Item ? (Item.value as Value) : null;
}

async function loadPlan(table: string, wrapperId: string, lineage: number): Promise<ReadingPlan | null> {
  const text = await load<string>(table, wrapperId, itemKeys.plan(lineage));
  return text === null ? null : (JSON.parse(text) as ReadingPlan);
}

async function list<Value>(
  table: string,
  wrapperId: string,
  prefix: string,
  page: PageRequest,
  forward: boolean,
): Promise<Page<Value>> {
  const start = page.cursor === undefined ? undefined : decodeCursor(page.cursor, prefix);
  const { Items = [], LastEvaluatedKey } = await storeCall(() =>
    dynamo.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'wrapper_id = :id AND begins_with(#item, :prefix)',
        ExpressionAttributeNames: { '#item': 'item' },
        ExpressionAttributeValues: { ':id': wrapperId, ':prefix': prefix },
        ScanIndexForward: forward,
        Limit: page.limit,
        ConsistentRead: true,
        ...(start === undefined ? {} : { ExclusiveStartKey: { wrapper_id: wrapperId, item: start } }),
      }),
    ),
  );
  return { items: Items.map((item) => item.value as Value), nextCursor: encodeCursor(LastEvaluatedKey?.item) };
}

async function otherKeys(table: string, wrapperId: string): Promise<string[]> {
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
  return Items.map((item) => String(item.item)).filter((item) => item !== itemKeys.state);
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
