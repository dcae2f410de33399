import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { CLOCKS_DIFFER_MS } from '../../domain/feeds/clocks-differ.ts';
import type { Heartbeat } from '../../domain/feeds/dispatch-polls.ts';
import type { FeedTotals } from '../../domain/feeds/feed-totals.ts';
import { dynamo, storeCall } from '../dynamo.ts';
import { instants } from './instants.ts';

/** The only item of its part. */
const DISPATCHER = 'dispatcher';

export type DispatcherItem = Heartbeat & {
  /** As the last tick added them up; null before the first. */
  totals(): Promise<FeedTotals | null>;
};

/** What the dispatcher leaves in the feeds table with each tick. */
export function dispatcherItem(table: string): DispatcherItem {
  const covered = instants(table, DISPATCHER, CLOCKS_DIFFER_MS);
  return {
    load: () => covered.get(DISPATCHER),
    record: (coveredUntil, totals) => covered.record(DISPATCHER, coveredUntil, { totals }),

    async totals() {
      const get = new GetCommand({ TableName: table, Key: { part: DISPATCHER, adapter_id: DISPATCHER } });
      const { Item } = await storeCall(() => dynamo.send(get));
      // Earlier code kept none.
      return (Item?.totals as FeedTotals | undefined) ?? null;
    },
  };
}
