import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { dynamo } from '../../../lambdas/platform/dynamo.ts';
import { type Heartbeats, heartbeats } from '../../../lambdas/platform/status/heartbeats.ts';
import { heartbeatsTable } from '../../support/heartbeats-table.ts';
import { MORNING } from '../../support/manual-clock.ts';
import { startTables } from '../../support/start-tables.ts';
import { testHeartbeat } from '../../support/test-heartbeat.ts';

const table = heartbeatsTable.name;
let database: Awaited<ReturnType<typeof startTables>>;
let store: Heartbeats;
beforeAll(async () => {
  database = await startTables([heartbeatsTable]);
  store = heartbeats(table);
});
afterAll(() => database.close());

test('of each sandbox the last beat is kept, of both types', async () => {
  const slice = testHeartbeat({ conditions: ['ProcessMemoryPressure', 'LeaseLost'] });
  const api = testHeartbeat({ type: 'api', hostname: 'headgate-dev-get-wrapper-5e6f7a8b' });
  for (const beat of [testHeartbeat({ cpuPercent: 99 }), api, slice]) await store.put(beat);
  expect(await store.all()).toEqual([slice, api]);
});

test('the store may remove one as soon as it has expired, and no sooner', async () => {
  const beat = testHeartbeat({ beatAt: MORNING + 1 });
  await store.put(beat);
  const Key = { type: beat.type, hostname: beat.hostname };
  const { Item } = await dynamo.send(new GetCommand({ TableName: table, Key }));
  expect(Item?.expires_at).toBe((MORNING + 180_000) / 1000 + 1);
});
