import { GetCommand, paginateQuery, paginateScan, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { FeedTotals } from '../../domain/feeds/feed-totals.ts';
import type { TableContent } from '../../domain/status/system-sections.ts';
import { itemKeys } from '../wrappers/keys.ts';
import { LISTED } from '../wrappers/run-states.ts';
import { documents as client } from './clients.ts';

/** Enough to tell how large one is. */
const SAMPLE = 20;

type Item = Record<string, unknown>;

/** Wrappers by the index that lists them, times the mean size of the states of some. */
export async function wrappersContent(table: string, abortSignal: AbortSignal): Promise<TableContent> {
  const query = {
    TableName: table,
    IndexName: 'listed',
    KeyConditionExpression: 'listed = :listed',
    ExpressionAttributeValues: { ':listed': LISTED },
  };
  const ids: string[] = [];
  let keys = 0;
  for await (const { Items = [] } of paginateQuery({ client }, query, { abortSignal })) {
    keys += Items.length;
    ids.push(...Items.slice(0, SAMPLE - ids.length).map(({ wrapper_id }) => String(wrapper_id)));
  }
  const stateOf = async (wrapper_id: string) => {
    const get = new GetCommand({ TableName: table, Key: { wrapper_id, item: itemKeys.state } });
    return (await client.send(get, { abortSignal })).Item ?? [];
  };
  const states = (await Promise.all(ids.map(stateOf))).flat();
  return { name: 'wrappers', keys, bytes: estimate(keys, states) };
}

/** The dispatcher has added them up: those that have been polled. */
export function feedsContent({ feeds, healthBytes }: FeedTotals): TableContent {
  return { name: 'feeds', keys: feeds, bytes: healthBytes };
}

/** The records that are in their feeds, times the mean size of some. */
export async function recordsContent(
  table: string,
  { records }: FeedTotals,
  abortSignal: AbortSignal,
): Promise<TableContent> {
  const { Items = [] } = await client.send(new ScanCommand({ TableName: table, Limit: SAMPLE }), { abortSignal });
  return { name: 'records', keys: records, bytes: estimate(records, Items) };
}

/** There are few keys: all of them are read. */
export async function keysContent(table: string, abortSignal: AbortSignal): Promise<TableContent> {
  const keys: Item[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName: table }, { abortSignal }))
    keys.push(...Items);
  return { name: 'keys', keys: keys.length, bytes: estimate(keys.length, keys) };
}

function estimate(count: number, sample: readonly Item[]): number {
  const bytes = sample.reduce((sum, item) => sum + JSON.stringify(item).length, 0);
  return sample.length === 0 ? 0 : Math.round((count * bytes) / sample.length);
}
