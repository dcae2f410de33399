import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, jest, test } from '@jest/globals';
import { csvOf } from './support/csv.ts';
import { eventually, unchanged } from './support/eventually.ts';
import { type LocalStack, startLocalStack } from './support/local-stack.ts';
import { workersOf } from './support/proof/workers.ts';
import { type WrappersApi, wrappersApi } from './support/wrappers-api.ts';

jest.setTimeout(150_000);

const ROWS = 20_000;
/** Of the quick settings, with the margin that an execute waits for too. */
const LEASE_MS = 4000;
const MARGIN_MS = 500;
let stack: LocalStack;

afterEach(async () => {
  await stack.stop();
});

async function start(): Promise<WrappersApi> {
  stack = await startLocalStack();
  return wrappersApi(stack);
}

/** The same data folder, and the sink where the wrappers expect it. */
async function startAgain(): Promise<WrappersApi> {
  const { dataDir, sinkUrl } = stack;
  stack = await startLocalStack({ dataDir, sinkPort: new URL(sinkUrl).port });
  return wrappersApi(stack);
}

/** A run of 20,000 rows, after its first quarter and far from its end. */
async function inTheMiddle(api: WrappersApi): Promise<string> {
  const id = await api.wrapperOf(csvOf(ROWS), { batch_size: 200 });
  await api.behave({ latency_ms: 80 });
  await api.begin(id);
  await eventually(
    () => api.received(id),
    ({ points }) => points >= ROWS / 4,
  );
  return id;
}

/** The processes in which slices run. */
async function slices(): Promise<number[]> {
  const workers = await workersOf(stack.pid);
  return workers.filter(({ functionName }) => functionName.endsWith('run-slice')).map(({ pid }) => pid);
}

async function finish(api: WrappersApi, id: string): Promise<void> {
  await api.behave({});
  await eventually(
    () => api.execute(id),
    ({ status, body }) => status === 200 && body.success === true,
    60_000,
  );
  expect(await api.received(id)).toMatchObject({ unique_points: ROWS, bad_duplicates: 0 });
  expect((await api.get(id)).body).toMatchObject({ status: 'completed', data_points_count: ROWS });
}

test('W-8: a run whose process stands still is HEALTHY for no longer than its lease, and then CRASHED', async () => {
  const api = await start();
  const id = await inTheMiddle(api);
  const pids = await slices();
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  const stoodStill = Date.now();
  try {
    const { body } = await eventually(
      () => api.get(id, '/monitoring'),
      (reply) => reply.body.health_status === 'CRASHED',
    );
    expect(Date.now() - stoodStill).toBeLessThan(LEASE_MS + 1000);
    expect(body.monitoring_details.reason_code).toBe('LEASE_LOST');
    expect((await api.get(id, '/health')).body.is_actively_executing).toBe(false);

    // W-13: and is taken over. Whatever the old process does when it wakes up, it is fenced.
    await new Promise((resolve) => setTimeout(resolve, MARGIN_MS));
    const first = await eventually(
      () => api.execute(id, '', { Prefer: 'respond-async' }),
      () => true,
    );
    expect(first.status).toBe(202);
    expect((await api.get(id, '/executions')).body.items).toMatchObject([
      { status: 'executing' },
      { status: 'error', error: expect.stringContaining('its process is gone') },
    ]);
  } finally {
    for (const pid of pids) process.kill(pid, 'SIGCONT');
  }
  await finish(api, id);
  await unchanged(() => api.received(id), 1000);
});

test('W-24: an executing wrapper whose execution does not exist is 400 Stop error: Process not found', async () => {
  const before = await start();
  // It rests for an hour after its first look, so that no lease runs out meanwhile.
  const id = await before.wrapperOf(csvOf(10), { mode: 'continuous', interval_seconds: 3600 });
  expect((await before.execute(id)).body.success).toBe(true);
  await before.get(id);
  await stack.kill();
  rmSync(path.join(stack.dataDir, 'executions.jsonl'));
  const api = await startAgain();
  expect((await api.get(id)).body.status).toBe('executing');
  const { status, body } = await api.stop(id);
  expect(status).toBe(400);
  expect(body).toEqual({ detail: 'Stop error: Process not found' });
  expect((await api.get(id)).body.status).toBe('stopped');
  expect((await api.stop(id)).body.success).toBe(true);
  expect((await api.execute(id)).body).toMatchObject({ success: true, data_points_sent: 0 });
});
