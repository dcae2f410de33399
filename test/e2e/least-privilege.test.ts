import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { csvOf } from './support/csv.ts';
import { eventually } from './support/eventually.ts';
import { grantedActions } from './support/granted-actions.ts';
import { type RecordedStack, startRecordedStack, userQueue } from './support/recorded-stack.ts';
import type { WrappersApi } from './support/wrappers-api.ts';

// One run in which every function does what it is for. It compares actions; on which resources, and which paths of
// API Gateway's own API, test/lib/functions.test.ts tells.

jest.setTimeout(120_000);

/** Granted, and called where this run does not get to: what for, and the test that does get there. */
const rare: Readonly<Record<string, string>> = {
  'create-upload s3:PutObject': 'called by whoever uploads, with the address that the function has signed: e2e/files',
  'create-key apigateway:DELETE': 'a key that could not be recorded: domain/access/manage-keys',
  'create-key dynamodb:DeleteItem': 'a key that ended a week ago: domain/access/forget-ended-keys',
  'hand-over-run states:StopExecution': 'a stop came while a run was handed over: domain/run/hand-over-run',
  'reconcile-runs states:DescribeExecution': 'a run whose lease is over: domain/run/reconcile-run',
  'reconcile-runs states:StartExecution': 'a run that was claimed and never started: domain/run/reconcile-run',
  'reconcile-runs states:StopExecution': 'a stop whose function died: domain/run/stop-run',
  'poll-feeds sqs:ReceiveMessage': "called by Lambda in the function's name: lib/functions",
  'poll-feeds sqs:DeleteMessage': "called by Lambda in the function's name: lib/functions",
  'poll-feeds sqs:GetQueueAttributes': "called by Lambda in the function's name: lib/functions",
};

const wrappers = '/resources/wrappers';
let stack: RecordedStack;
let api: WrappersApi;

beforeAll(async () => {
  stack = await startRecordedStack();
  api = stack.api;
});
afterAll(() => stack.close());

const at = (id: string, what = '') => `${wrappers}/${id}${what}`;
const missing = '9d9cf8a1-4f2e-4c43-9a5e-6f1f6f1f6f1f';
const definitionOf = async (id: string) => {
  const { name, source, mapping, destination, mode } = (await api.get(id)).body;
  return { name, source, mapping, destination, mode };
};

/** What the function answers to what its trigger would send it. */
async function invoke(name: string, event: unknown): Promise<unknown> {
  const outcome = await stack.functions.named(`headgate-local-${name}`)?.invoke(event);
  if (outcome?.kind !== 'returned') throw new Error(`${name}: ${JSON.stringify(outcome)}`);
  return outcome.payload;
}

/** A run under way, whose sink takes its time. */
async function running(more: object = {}): Promise<string> {
  const id = await api.wrapperOf(csvOf(2000), { batch_size: 10, ...more });
  await api.behave({ latency_ms: 100 });
  await api.begin(id);
  await eventually(
    () => api.received(id),
    ({ points }) => points > 0,
  );
  return id;
}

async function useEveryDestination(): Promise<void> {
  const destinations = [
    { type: 's3', bucket: 'headgate-local', prefix: 'a' },
    { type: 'sqs', queue_url: userQueue },
    { type: 'eventbridge', bus: 'headgate-local', detail_type: 'points' },
  ];
  for (const destination of destinations) {
    const id = await api.wrapperOf(csvOf(3), { destination });
    expect((await api.execute(id)).body).toMatchObject({ success: true });
  }
}

/** Files that are there and are not, and secrets, by each function that reads them. */
async function readEverywhere(): Promise<void> {
  for (const file_id of [await api.upload(csvOf(3)), missing]) {
    const id = await api.createCsvWrapper(file_id);
    await api.execute(id);
    await api.call('POST', at(id, '/preview'));
    await api.call('POST', `${wrappers}/preview`, await definitionOf(id));
    await api.call('POST', `${wrappers}/infer`, { file_id });
  }
  const auth = { type: 'bearer', token: { secret: 'nobody' } };
  const source = { type: 'API', request: { url: 'http://127.0.0.1:9/' }, records: '$[*]', auth };
  const id = await api.createWrapper({ source });
  await api.execute(id);
  await api.call('POST', at(id, '/preview'));
  await api.call('POST', `${wrappers}/preview`, await definitionOf(id));
}

/** All that is to be seen and set of a wrapper that has quarantined rows, and its end. */
async function useEveryRoute(): Promise<void> {
  const mapping = { fields: [{ from: 'id' }, { from: 'value', type: 'number' }], key: ['id'] };
  const id = await api.wrapperOf('id,value\n1,2\n2,warm\n', { mapping });
  await api.execute(id, '', { 'Idempotency-Key': 'once' });
  await api.call('GET', wrappers);
  for (const what of ['', '/health', '/monitoring', '/logs', '/checkpoint', '/checkpoints', '/executions'])
    expect(await api.get(id, what)).toMatchObject({ status: 200 });
  await api.get(id, `/executions/${id}-1`);
  await api.get(id, `/executions/${id}-1/quarantine`);
  await api.call('POST', at(id, `/executions/${id}-1/redrive`));
  const [checkpoint] = (await api.get(id, '/checkpoints')).body.items;
  await api.call('PUT', at(id, '/checkpoint'), { id: checkpoint.id });
  await api.execute(id, `?from=${checkpoint.id}`);
  await api.call('DELETE', at(id, '/checkpoint'));
  await api.call('PUT', at(id), { ...(await definitionOf(id)), name: 'changed' });
  expect((await api.call('DELETE', at(id))).status).toBe(204);
}

/** Runs that are stopped by each route that may, that crash, and that are gone. */
async function endRunsInEveryWay(): Promise<void> {
  await api.stop(await running());
  const changed = await running();
  const definition = await definitionOf(changed);
  expect(await api.call('PUT', at(changed), definition)).toMatchObject({ status: 409 });
  await api.call('PUT', at(changed, '?stop=true'), definition);
  await api.call('DELETE', at(await running(), '?stop=true'));
  // As the state machine does when a slice has crashed more often than it is repeated, which takes it minutes.
  const error = { Error: 'Lambda.Unknown', Cause: 'exit status 1' };
  await invoke('record-crash', { wrapper_id: await running(), epoch: 1, error });
  // As EventBridge does when an execution has ended of which nothing was recorded.
  await invoke('reconcile-runs', { detail: { name: `${await running()}-1-0`, status: 'FAILED' } });
}

/** A feed of which the second poll, which does not know of the first, finds less; then all that is shown of feeds. */
async function useFeeds(): Promise<void> {
  await pollFeed(1, { a: 'A', b: 'B' });
  await pollFeed(2, { a: 'A' });
  for (const path of ['/v1/health', '/v1/health/keyed', '/v1/records'])
    expect(await api.call('GET', path)).toMatchObject({ status: 200 });
}

/** As the queue hands it on; due after all that the dispatcher may send meanwhile. */
async function pollFeed(minute: number, records: Readonly<Record<string, string>>): Promise<void> {
  stack.upstream.answers.set('keyed/all', { records });
  const body = JSON.stringify({ adapter_id: 'keyed', due: Date.now() + (1 + minute) * 60_000, health: null });
  const message = { messageId: String(minute), body, attributes: { ApproximateReceiveCount: '1' } };
  expect(await invoke('poll-feeds', { Records: [message] })).toEqual({ batchItemFailures: [] });
}

async function useKeys(): Promise<void> {
  const made = await api.call('POST', '/api/keys', { name: 'test', role: 'read' });
  expect(made).toMatchObject({ status: 201 });
  const { key_id: id } = made.body as unknown as { readonly key_id: string };
  expect(await api.call('GET', '/api/keys')).toMatchObject({ status: 200 });
  expect(await api.call('POST', `/api/keys/${id}/rotate`)).toMatchObject({ status: 200 });
  expect(await api.call('DELETE', `/api/keys/${id}`)).toMatchObject({ status: 204 });
}

/** Until all of it is told: checks have a second each, which they may not get while all the others are at work. */
async function askAboutSystem(): Promise<void> {
  await eventually(
    () => api.call('GET', '/api/health/ready'),
    ({ status }) => status === 200,
  );
  await eventually(
    () => api.call('GET', '/api/health/status'),
    ({ status, body }) => status === 200 && 'kv_buckets' in body,
  );
}

test('each function does what its role allows, and is allowed what it does', async () => {
  // Handed over after its third look at its source, which is while the others are busy.
  await api.begin(await api.wrapperOf(csvOf(3), { mode: 'continuous', interval_seconds: 1 }));
  await Promise.all([
    useEveryDestination(),
    readEverywhere(),
    useEveryRoute(),
    useFeeds(),
    useKeys(),
    askAboutSystem(),
  ]);
  await endRunsInEveryWay();
  const granted = grantedActions(stack.assemblyDir);
  const isUsual = (each: string) => rare[each] === undefined && !each.startsWith('nobody ');
  const usual = granted.filter(isUsual).sort();
  const called = () => [...stack.called].filter(isUsual).sort();
  const hasAll = (each: readonly string[]) => usual.every((action) => each.includes(action));
  // What the schedules call comes when they do; checks that had not their second while others were busy have it now.
  const calledByNow = async () => {
    await askAboutSystem();
    return called();
  };
  await eventually(calledByNow, hasAll, 20_000).catch(() => undefined);
  expect(called()).toEqual(usual);
  expect(granted).toEqual(expect.arrayContaining(Object.keys(rare)));
});
