import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { createAdminKey } from '../../local/admin-key.ts';
import { buildAssembly } from '../../local/build-assembly.ts';
import { startEngine } from '../../local/engine/engine.ts';
import { loadModel } from '../../local/engine/template/load-model.ts';
import { describeStack } from '../../local/running-stack.ts';
import { startSink } from '../../local/sink/start-sink.ts';
import { queueOf, tableOf } from '../../local/stack.ts';
import { startAccountServices } from '../../local/storage/start-account-services.ts';
import { startStorage } from '../../local/storage/start-storage.ts';
import { csvOf, eachOnce } from './support/csv.ts';
import { eventually } from './support/eventually.ts';
import { quickSettings } from './support/local-stack.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { type UnreliableService, unreliableService } from './support/unreliable-service.ts';
import { type WrappersApi, wrappersApi } from './support/wrappers-api.ts';

jest.setTimeout(90_000);

/** The same stack as everywhere, put together here, so that what is between its functions and their services is ours. */
const opened: { close(): Promise<void> }[] = [];
let store: UnreliableService;
let stepFunctions: UnreliableService;
let api: WrappersApi;

beforeAll(async () => {
  const log = () => undefined;
  const dataDir = temporaryFolder();
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const model = loadModel(await buildAssembly(quickSettings, log));
  const buckets = model.buckets.map(({ name }) => name);
  const storage = await startStorage({ dataDir, tables: model.tables.map(tableOf), buckets, credentials, log });
  opened.push(storage);
  store = await unreliableService(() => storage.dynamodbUrl);
  opened.push(store);
  let sfnUrl = '';
  stepFunctions = await unreliableService(() => sfnUrl);
  opened.push(stepFunctions);
  const queues = model.queues.map(queueOf);
  const account = await startAccountServices({ dataDir, secretsPrefix: '', queues, credentials, log });
  opened.push(account);
  const endpoints = { dynamodb: store.url, s3: storage.s3Url, sfn: stepFunctions.url, sqs: account.sqsUrl };
  const engine = await startEngine({ model, dataDir, port: 0, endpoints, credentials, log });
  opened.push(engine);
  sfnUrl = engine.sfnUrl;
  const sink = await startSink({});
  opened.push(sink);
  const services = { dynamodb: storage.dynamodbUrl, apiGateway: engine.controlUrl };
  const key = await createAdminKey(describeStack(model, services));
  api = wrappersApi({ apiUrl: engine.apiUrl, sinkUrl: sink.url, key });
});
afterEach(() => {
  store.mode = 'up';
  stepFunctions.mode = 'up';
});
afterAll(async () => {
  for (const part of opened.toReversed()) await part.close();
});

test('W-6: health and monitoring are 503 without a suffix while the store is down', async () => {
  const id = await api.wrapperOf(csvOf(3));
  await api.get(id, '/monitoring');
  await api.get(id, '/health');
  store.mode = 'down';
  for (const what of ['/health', '/monitoring', '']) {
    expect(await api.get(id, what)).toMatchObject({ status: 503, body: { detail: 'Service unavailable' } });
  }
  store.mode = 'up';
  expect((await api.get(id, '/health')).body.health_status).toBe('UNKNOWN');
});

test('W-6: a store that does not answer is 503 before the gateway gives up', async () => {
  const id = await api.wrapperOf(csvOf(3));
  await api.get(id, '/health');
  store.mode = 'silent';
  const asked = Date.now();
  expect(await api.get(id, '/health')).toMatchObject({ status: 503, body: { detail: 'Service unavailable' } });
  expect(Date.now() - asked).toBeLessThan(20_000);
});

test('Access: a key that can not be looked up is neither right nor wrong: 503 while the store is down', async () => {
  const unknown = { Authorization: `Bearer hg_${'a'.repeat(24)}_${'b'.repeat(43)}` };
  const ask = () => api.call('GET', '/resources/wrappers', undefined, unknown);
  store.mode = 'down';
  const text = 'Service unavailable';
  expect(await ask()).toMatchObject({ status: 503, body: { error: text, detail: text, code: 503 } });
  store.mode = 'up';
  expect(await ask()).toMatchObject({ status: 401 });
});

test('W-7: reading health is exactly one strongly consistent read, and writes nothing', async () => {
  const id = await api.wrapperOf(csvOf(3));
  await api.get(id, '/health');
  const before = store.calls.length;
  await api.get(id, '/health');
  const calls = store.calls.slice(before).filter(({ input }) => JSON.stringify(input).includes(id));
  expect(calls).toMatchObject([{ action: 'GetItem', input: { ConsistentRead: true } }]);
});

test('W-11: execute is 503 with its cause while the store is down, and works again after it', async () => {
  const id = await api.wrapperOf(csvOf(10));
  await api.get(id);
  store.mode = 'down';
  const { status, body } = await api.execute(id);
  expect(status).toBe(503);
  expect(body.detail).toMatch(/^Service unavailable: \S/);
  store.mode = 'up';
  expect((await api.execute(id)).body).toMatchObject({
    success: true,
    message: 'Wrapper executed successfully',
    data_points_sent: 10,
  });
});

test('W-24: stop is 503 while the store is down', async () => {
  const id = await api.wrapperOf(csvOf(10));
  await api.get(id);
  store.mode = 'down';
  expect(await api.stop(id)).toMatchObject({ status: 503, body: { detail: 'Service unavailable' } });
});

test('a store that is down for a while in the middle of a run costs no row and sends none twice under another id', async () => {
  const id = await api.wrapperOf(csvOf(300), { batch_size: 10 });
  await api.behave({ latency_ms: 20 });
  await api.begin(id);
  for (let outage = 0; outage < 3; outage += 1) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    store.mode = 'down';
    await new Promise((resolve) => setTimeout(resolve, 150));
    store.mode = 'up';
  }
  await api.behave({});
  expect((await api.execute(id)).body).toMatchObject({ success: true, message: 'Wrapper executed successfully' });
  const received = await api.received(id);
  expect(received).toMatchObject({
    ...eachOnce(300),
    points: received.points,
    duplicate_points: received.points - 300,
  });
});

test('W-11: execute is 503 with its cause while Step Functions is down, and works again after it', async () => {
  const id = await api.wrapperOf(csvOf(10));
  stepFunctions.mode = 'down';
  expect(await api.execute(id)).toMatchObject({
    status: 503,
    body: { detail: 'Service unavailable: the run could not be started' },
  });
  expect((await api.received(id)).points).toBe(0);
  stepFunctions.mode = 'up';
  expect((await api.execute(id)).body).toMatchObject({ success: true, data_points_sent: 10 });
});

test.each([
  ['denied', 400, { detail: 'Stop error: Permission denied' }],
  ['down', 200, { success: false, message: 'Failed to stop wrapper' }],
] as const)(
  'W-24: a stop whose execution can not be ended, %s, says so; the next one ends it',
  async (mode, status, body) => {
    const id = await api.wrapperOf(csvOf(300), { batch_size: 10 });
    await api.behave({ latency_ms: 50 });
    await api.begin(id);
    await eventually(
      () => api.received(id),
      ({ points }) => points > 0,
    );
    stepFunctions.mode = mode;
    const asked = Date.now();
    expect(await api.stop(id)).toMatchObject({ status, body });
    expect(Date.now() - asked).toBeLessThan(20_000);
    stepFunctions.mode = 'up';
    expect(await api.stop(id)).toMatchObject({ status: 200, body: { success: true } });
    const calls = stepFunctions.calls.filter(({ action, input }) => {
      return action === 'StopExecution' && String(input.executionArn).includes(id);
    });
    expect(calls.length).toBeGreaterThan(1);
    await api.behave({});
  },
);
