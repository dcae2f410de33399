import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { samplesIn } from '../support/captured-metrics.ts';
import { csvOf } from './support/csv.ts';
import { eventually } from './support/eventually.ts';
import { useStack } from './support/use-stack.ts';

const at = useStack();

async function health(wrapperId: string) {
  const { status, body } = await at.api.get(wrapperId, '/health');
  expect(status).toBe(200);
  return body;
}

const verdictOf = (wrapper_id: string, health_status: string, is_actively_executing: boolean) => ({
  wrapper_id,
  health_status,
  is_actively_executing,
});

test.each(['9d9cf8a1-4f2e-4c43-9a5e-6f1f6f1f6f1f', 'no-uuid-at-all', '__proto__', 'a.b~c'])(
  'W-1: the unknown id %s is UNKNOWN with 200, never 404',
  async (id) => {
    expect(await health(id)).toEqual(verdictOf(id, 'UNKNOWN', false));
    const { body } = await at.api.get(id, '/monitoring');
    expect(body).toMatchObject({ health_status: 'UNKNOWN', monitoring_details: { reason_code: 'NOT_FOUND' } });
  },
);

test('W-1: a deleted wrapper is as unknown as one that never was', async () => {
  const id = await at.api.wrapperOf(csvOf(3));
  await at.api.call('DELETE', `/resources/wrappers/${id}`);
  expect(await health(id)).toEqual(verdictOf(id, 'UNKNOWN', false));
});

describe('W-2: refused executes', () => {
  test('W-2: a refused execute leaves health as it was', async () => {
    const id = await at.api.wrapperOf(csvOf(3));
    await at.api.execute(id);
    expect((await at.api.execute(id, '?from=cp-4711')).status).toBe(400);
    expect(await health(id)).toEqual(verdictOf(id, 'UNKNOWN', false));
  });

  test('W-2: an execute that was refused at its first look leaves health as it was', async () => {
    const missing = '00000000-0000-4000-8000-000000000000';
    const id = await at.api.createCsvWrapper(missing);
    expect((await at.api.execute(id)).body).toEqual({ detail: 'Execution error: Wrapper file not found' });
    expect(await health(id)).toEqual(verdictOf(id, 'UNKNOWN', false));
    expect((await at.api.get(id)).body).toMatchObject({ status: 'error', error_message: 'Wrapper file not found' });
  });
});

describe('W-4: CRASHED', () => {
  test('W-4: a run that failed is CRASHED, W-3: and not executing; the next success ends it', async () => {
    const id = await at.api.wrapperOf(csvOf(5));
    await at.api.behave({ status: 400, body: 'no' });
    await at.api.execute(id);
    expect(await health(id)).toEqual(verdictOf(id, 'CRASHED', false));
    const { body } = await at.api.get(id, '/monitoring');
    expect(body.monitoring_details).toMatchObject({
      reason_code: 'RUN_FAILED',
      error_message: 'destination refused: HTTP 400: no',
    });
    await at.api.stop(id);
    expect(await health(id)).toEqual(verdictOf(id, 'CRASHED', false));
    await at.api.behave({});
    await at.api.execute(id);
    expect(await health(id)).toEqual(verdictOf(id, 'UNKNOWN', false));
  });
});

test('what alarms go by is measured by the functions that run, under the name of their deployment', async () => {
  const id = await at.api.wrapperOf(csvOf(5));
  await at.api.behave({ status: 400, body: 'no' });
  await at.api.execute(id);
  await at.api.stop(id);
  await eventually(
    async () => measured(),
    (names) => expected.every((name) => names.has(name)),
  );
});

const expected = [
  'Runs {"service":"headgate-local","outcome":"failed"}',
  'WrappersByHealth {"service":"headgate-local","status":"CRASHED"}',
  'StopDuration {"service":"headgate-local"}',
  'ReconcilerHeartbeat {"service":"headgate-local"}',
  'DispatcherHeartbeat {"service":"headgate-local"}',
  'AdaptersByStatus {"service":"headgate-local","status":"initializing"}',
];

/** All metrics that the logs of the functions have so far. */
function measured(): ReadonlySet<string> {
  const folder = path.join(at.stack.dataDir, 'logs');
  const logs = readdirSync(folder).map((file) => readFileSync(path.join(folder, file), 'utf8'));
  return new Set(logs.flatMap(samplesIn).map(({ name, dimensions }) => `${name} ${JSON.stringify(dimensions)}`));
}
