import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { SQSRecord } from 'aws-lambda';
import { notingRedeliveries } from '../../../lambdas/platform/feeds/noting-redeliveries.ts';
import { type Redeliveries, redeliveries } from '../../../lambdas/platform/status/redeliveries.ts';
import { heartbeatsTable } from '../../support/heartbeats-table.ts';
import { MORNING } from '../../support/manual-clock.ts';
import { startTables } from '../../support/start-tables.ts';

let database: Awaited<ReturnType<typeof startTables>>;
beforeAll(async () => {
  database = await startTables([heartbeatsTable]);
});
afterAll(() => database.close());

const MINUTE = 60_000;
const message = (messageId: string, receives: number) =>
  ({ messageId, attributes: { ApproximateReceiveCount: String(receives) } }) as SQSRecord;

/** A batch of which these fail; answers how many counted while it was worked off, and after it. */
async function work(store: Redeliveries, Records: SQSRecord[], failing: readonly string[]) {
  const batchItemFailures = failing.map((itemIdentifier) => ({ itemIdentifier }));
  const answer = await notingRedeliveries({ Records }, store, async () => ({ batchItemFailures }));
  expect(answer).toEqual({ batchItemFailures });
  return store.count();
}

test('messages that came again count until they are done, or the queue has taken them back', async () => {
  let now = MORNING;
  const store = redeliveries(heartbeatsTable.name, () => now);
  expect(await work(store, [message('new', 1), message('a', 2), message('b', 3)], ['new', 'a', 'b'])).toBe(2);
  expect(await work(store, [message('a', 3)], [])).toBe(1);
  now += 15 * MINUTE;
  expect(await store.count()).toBe(0);
  // And again: a message counts once, however often it came.
  for (const receives of [4, 5]) expect(await work(store, [message('b', receives)], ['b'])).toBe(1);
});

test('a store that fails holds up no message', async () => {
  const broken = redeliveries('missing', () => MORNING);
  const answer = await notingRedeliveries({ Records: [message('a', 2)] }, broken, async () => ({
    batchItemFailures: [],
  }));
  expect(answer).toEqual({ batchItemFailures: [] });
});
