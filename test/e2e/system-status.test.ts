import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { expectStatusFields } from '../support/status-fields.ts';
import { csvOf } from './support/csv.ts';
import { eventually } from './support/eventually.ts';
import type { UnreliableService } from './support/unreliable-service.ts';
import { startWatchedStack, type WatchedStack } from './support/watched-stack.ts';
import { type WrappersApi, wrappersApi } from './support/wrappers-api.ts';

jest.setTimeout(90_000);

let stack: WatchedStack;
let api: WrappersApi;
beforeAll(async () => {
  stack = await startWatchedStack();
  api = wrappersApi(stack);
}, 150_000);
afterAll(() => stack.close());

const parts = ['store', 'poll-queue', 'poll-dead-letters', 'state-machine', 'schedules', 'files'];

/** Components of which these are in error, and all others are not. */
const componentsWith = (errors: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    parts.map((name) => [
      `api.${name}`,
      errors[name] === undefined ? { status: 'ok' } : { status: 'error', error: errors[name] },
    ]),
  );

/** Without a key, unless there is one. */
async function ask(what: '' | '/ready' | '/status', key?: string) {
  const asked = Date.now();
  const response = await fetch(`${stack.apiUrl}/api/health${what}`, { headers: key ? { 'x-api-key': key } : {} });
  const { status, headers } = response;
  const body = JSON.parse(await response.text());
  return { status, body, cache: headers.get('cache-control'), tookMs: Date.now() - asked };
}

/** One run that completes, one that is refused, a poll and a dead letter; then the tick that adds polls up. */
async function haveAHistory(): Promise<void> {
  const id = await api.wrapperOf(csvOf(10));
  expect((await api.execute(id)).body).toMatchObject({ success: true });
  await api.execute(await api.createCsvWrapper('9d9cf8a1-4f2e-4c43-9a5e-6f1f6f1f6f1f'));
  stack.upstream.answers.set('steady/all', { records: { a: 'A', b: 'B' } });
  await stack.send(JSON.stringify({ adapter_id: 'steady', due: Date.now(), health: null }), 'polls');
  await stack.send('poison', 'dead letters');
  const steady = () => fetch(`${stack.apiUrl}/v1/health/steady`).then((answer) => answer.text());
  await eventually(steady, (text) => text.includes('"last_job_outcome":"success"'));
  const tick = await stack.engine.functions.named('headgate-local-dispatch-polls')?.invoke({});
  expect(tick).toMatchObject({ kind: 'returned' });
}

test('O-1, O-5, O-6: the status of a stack with runs, polls and a dead letter has the fields that clients read, and tells of them', async () => {
  await haveAHistory();
  const { status, body, cache } = await eventually(
    () => ask('/status', stack.key),
    (answer) => answer.status === 200,
  );
  expect([status, cache]).toEqual([200, 'no-store']);
  expectStatusFields(body);
  expect(body.components).toEqual(componentsWith({}));
  const sections = ['nats', 'streams', 'kv_buckets', 'object_stores', 'jobs', 'agents', 'consumers', 'registry'];
  expect(Object.keys(body)).toEqual(expect.arrayContaining(sections));

  // Feeds are polled meanwhile, most of them in vain.
  expect(body.jobs).toMatchObject({ dlq: 1 });
  expect(body.jobs.completed).toBeGreaterThanOrEqual(2);
  expect(body.jobs.failed).toBeGreaterThanOrEqual(1);
  expect(body.jobs.total).toBeGreaterThanOrEqual(body.jobs.completed + body.jobs.failed);
  expect(body.streams).toContainEqual({
    name: 'poll-dead-letters',
    messages: 1,
    bytes: expect.any(Number),
    consumers: 0,
  });
  expect(body.consumers.consumers).toMatchObject([{ name: 'poll-feeds', redelivered: 0 }]);
  const keys = Object.fromEntries(
    body.kv_buckets.map(({ name, keys }: { name: string; keys: number }) => [name, keys]),
  );
  expect(keys).toMatchObject({ wrappers: 2, records: 2, keys: 1 });
  for (const { bytes } of body.kv_buckets) expect(bytes).toBeGreaterThan(0);
  expect(body.object_stores).toEqual([{ name: 'files', size: csvOf(10).length }]);
  const registered = body.registry.map(
    ({ type, hostname }: { type: string; hostname: string }) => `${type} ${hostname}`,
  );
  expect(registered).toEqual([...registered].sort());
  for (const sandbox of ['agent headgate-local-run-slice-', 'api headgate-local-get-system-status-'])
    expect(registered).toContainEqual(expect.stringContaining(sandbox));
});

test('O-3: who answers is in the registry as the api, once', async () => {
  const { body } = await ask('/status', stack.key);
  const rows = body.registry.filter(({ hostname }: { hostname: string }) => hostname.includes('get-system-status'));
  expect(rows).toMatchObject([{ type: 'api', status: 'Ready' }]);
});

test('liveness and readiness need no key, the status does', async () => {
  expect(await ask('')).toMatchObject({ status: 200, body: { status: 'ok' }, cache: 'no-store' });
  const ready = await eventually(
    () => ask('/ready'),
    ({ status }) => status === 200,
  );
  expect(ready).toMatchObject({ body: { status: 'ready' }, cache: 'no-store' });
  expect(await ask('/status')).toMatchObject({ status: 401 });
  for (const what of ['', '/ready'] as const) expect(await ask(what, 'wrong')).toMatchObject({ status: 401 });
});

const each = (names: readonly string[], error: string) => names.map((name) => `${name}: ${error}`).join('; ');
const tables = ['wrappers', 'feeds', 'records', 'keys', 'heartbeats'];

const dispatcher = () => {
  const { model, functions } = stack.engine;
  const arn = functions.byArn.keys().find((one) => one.endsWith('headgate-local-dispatch-polls'));
  return String(model.schedules.find(({ targets }) => targets[0]?.functionArn === arn)?.name);
};

function setMode(name: keyof WatchedStack['services'], mode: UnreliableService['mode']): void {
  stack.services[name].mode = mode;
}

/** What is done to a service, and what its component says then. */
type Outage = { readonly breaks: () => void; readonly errors: Readonly<Record<string, string>> };

const outages: Readonly<Record<string, Outage>> = {
  'a store that does not answer': {
    breaks: () => setMode('dynamodb', 'silent'),
    errors: { store: each(tables, 'timed out after 1 s') },
  },
  'queues that can not be reached': {
    breaks: () => setMode('sqs', 'down'),
    errors: { 'poll-queue': 'connection lost', 'poll-dead-letters': 'connection lost' },
  },
  'a state machine that may not be asked': {
    breaks: () => setMode('sfn', 'denied'),
    errors: { 'state-machine': 'access denied' },
  },
  'a schedule that is disabled': {
    breaks: () => stack.engine.schedules.setState(dispatcher(), 'DISABLED'),
    errors: { schedules: 'dispatcher: disabled' },
  },
  'schedules that do not answer': {
    breaks: () => setMode('scheduler', 'silent'),
    errors: { schedules: each(['dispatcher', 'reconciler'], 'timed out after 1 s') },
  },
  'files that can not be reached': {
    breaks: () => setMode('s3', 'down'),
    errors: { files: 'connection lost' },
  },
};

function mendAll(): void {
  for (const service of Object.values(stack.services)) service.mode = 'up';
  stack.engine.schedules.setState(dispatcher(), 'ENABLED');
}

/** While these fail, and the authorizer remembers the key; again where another check or the answer is late for want of a processor. */
async function during<Answer extends { readonly body: unknown; readonly tookMs: number }>(
  broken: readonly Outage[],
  look: () => Promise<Answer>,
  holds: (answer: Answer) => boolean,
): Promise<Answer> {
  try {
    return await eventually(
      async () => {
        mendAll();
        await ask('/status', stack.key);
        for (const { breaks } of broken) breaks();
        return look();
      },
      (answer) => holds(answer) && answer.tookMs < 4000,
    );
  } finally {
    mendAll();
  }
}

describe.each(Object.entries(outages))('O-2, O-3: %s', (_, outage) => {
  const expected = componentsWith(outage.errors);

  test('is a status of 503 with the whole body, and its component in error, within 4 s', async () => {
    const { status, body } = await during(
      [outage],
      () => ask('/status', stack.key),
      (answer) => JSON.stringify(answer.body.components) === JSON.stringify(expected),
    );
    expect([status, body.status]).toEqual([503, 'degraded']);
    expectStatusFields(body);
    expect(JSON.stringify(body)).not.toMatch(/arn:|\b\d{12}\b/);
  });
});

test('O-3: readiness lists all that fail, one to a line', async () => {
  const broken = Object.values(outages).filter((outage) => !('schedules' in outage.errors));
  const errors = Object.assign({}, ...broken.map((outage) => outage.errors));
  const lines = parts.flatMap((name) => (errors[name] === undefined ? [] : [`api.${name}: ${errors[name]}`]));
  const { status, body } = await during(
    broken,
    () => ask('/ready'),
    (answer) => answer.body.error === lines.join('\n'),
  );
  expect([status, body]).toEqual([503, { status: 'not_ready', error: lines.join('\n') }]);
  const mended = await eventually(
    () => ask('/ready'),
    (answer) => answer.status === 200,
  );
  expect(mended.body).toEqual({ status: 'ready' });
});
