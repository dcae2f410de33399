import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Context } from 'aws-lambda';
import { beating } from '../../../lambdas/platform/status/beating.ts';
import { heartbeats } from '../../../lambdas/platform/status/heartbeats.ts';
import { heartbeatsTable } from '../../support/heartbeats-table.ts';
import { startTables } from '../../support/start-tables.ts';

const context = {} as Context;
const table = heartbeatsTable.name;
let database: Awaited<ReturnType<typeof startTables>>;
beforeAll(async () => {
  database = await startTables([heartbeatsTable]);
});
afterAll(() => database.close());
beforeEach(() => {
  Object.assign(process.env, {
    HEARTBEATS_TABLE: table,
    AWS_LAMBDA_FUNCTION_NAME: 'headgate-test-run-slice',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '100000',
  });
});

test('a function tells what it alone can see, and what its sandbox suffers from', async () => {
  // As if it had but a megabyte.
  process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE = '1';
  const handler = beating(
    'runSlice',
    async (event: string) => `done: ${event}`,
    () => ['LeaseLost'],
  );
  expect(await handler('one', context)).toBe('done: one');
  expect(await heartbeats(table).all()).toEqual([
    expect.objectContaining({ type: 'agent', conditions: ['ProcessMemoryPressure', 'LeaseLost'] }),
  ]);
});

test.each([
  ['is not there', { HEARTBEATS_TABLE: 'missing' }],
  ['is nowhere told', { HEARTBEATS_TABLE: '' }],
])('work is done all the same when the table %s', async (_what, env) => {
  Object.assign(process.env, env);
  const handler = beating('stopWrapper', async () => 'stopped');
  expect(await handler({}, context)).toBe('stopped');
});

test('what work fails with is what its caller is told, and not what became of the heartbeat', async () => {
  process.env.HEARTBEATS_TABLE = 'missing';
  const handler = beating('runSlice', () => Promise.reject(new Error('a bug')));
  await expect(handler({}, context)).rejects.toThrow('a bug');
});

test('a look that fails is no reason to be taken for dead', async () => {
  process.env.AWS_LAMBDA_FUNCTION_NAME = 'headgate-test-dispatch-polls';
  const handler = beating(
    'dispatchPolls',
    async () => 'sent',
    () => Promise.reject(new Error('no answer')),
  );
  await handler({}, context);
  const beats = await heartbeats(table).all();
  expect(beats).toContainEqual(
    expect.objectContaining({ hostname: expect.stringContaining('dispatch-polls'), conditions: [] }),
  );
});
