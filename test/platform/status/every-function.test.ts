import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Context } from 'aws-lambda';
import { environments, type FunctionName } from '../../../lambdas/contracts/environments.ts';
import type { Heartbeat } from '../../../lambdas/domain/status/heartbeat.ts';
import { heartbeats } from '../../../lambdas/platform/status/heartbeats.ts';
import { handlerFile } from '../../../lib/constructs/lambda-bundle.ts';
import { feedsTables } from '../../support/feeds/feeds-tables.ts';
import { heartbeatsTable } from '../../support/heartbeats-table.ts';
import { startTables } from '../../support/start-tables.ts';
import { type WebServer, webServer } from '../../support/web-server.ts';
import { wrappersTable } from '../../support/wrappers-table.ts';

/** Those that write nothing at all. */
const silent = [
  'getAdapterHealth',
  'getFeedHealth',
  'getReadiness',
  'getSystemHealth',
  'getWrapperHealth',
  'getWrapperMonitoring',
];
const agents = ['dispatchPolls', 'handOverRun', 'pollFeeds', 'reconcileRuns', 'recordCrash', 'runSlice'];
const names = Object.keys(environments) as FunctionName[];

let tables: Awaited<ReturnType<typeof startTables>>;
let refusing: WebServer;
beforeAll(async () => {
  tables = await startTables([heartbeatsTable, wrappersTable, ...feedsTables]);
  refusing = await webServer((_, response) => response.writeHead(400).end('{"message":"no"}'));
  const variables = names.flatMap((name) => Object.keys(environments[name].shape));
  Object.assign(process.env, Object.fromEntries(variables.map((name) => [name, '1'])), {
    HEARTBEATS_TABLE: heartbeatsTable.name,
    WRAPPERS_TABLE: wrappersTable.name,
    FEEDS_TABLE: 'feeds',
    ADAPTER_SECRETS: '',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1769',
    AWS_ENDPOINT_URL: refusing.url,
  });
});
afterAll(async () => {
  await refusing.close();
  await tables.close();
});

/** One event for all: a request that nobody may make, a run that is not there, a batch without messages. */
const event = {
  headers: {},
  path: '/',
  resource: '/',
  requestContext: { path: '/', requestId: 'r-1', authorizer: {} },
  wrapper_id: 'none',
  epoch: 1,
  handover: 0,
  slices: 0,
  error: { Error: 'Lambda.Unknown' },
  Records: [],
};

/** Whatever comes of it: one that fails beats as well. */
async function invoke(name: FunctionName): Promise<void> {
  process.env.AWS_LAMBDA_FUNCTION_NAME = name;
  const { handler } = await import(`../../../${handlerFile(name)}`);
  await handler(event, { getRemainingTimeInMillis: () => 10_000 } as Context).catch(() => undefined);
}

const functionOf = ({ hostname }: Heartbeat) => hostname.replace(/-[0-9a-f]{8}$/, '');

test('O-6: every function shows that it lives, but those whose contract is to write nothing', async () => {
  for (const name of names) await invoke(name);
  const beats = await heartbeats(heartbeatsTable.name).all();
  expect(beats.map(functionOf).sort()).toEqual(names.filter((name) => !silent.includes(name)).sort());
  expect(beats.filter(({ type }) => type === 'agent').map(functionOf)).toEqual(agents);
  for (const beat of beats) {
    expect(beat).toMatchObject({ cpuPercent: expect.any(Number), memoryBytes: expect.any(Number), conditions: [] });
    expect(beat.startedAt).toBeLessThan(beat.beatAt);
  }
}, 60_000);
