import { describe, expect, test } from '@jest/globals';
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

describe('W-2: not executing, and nothing went wrong', () => {
  test('W-2: never started, completed and stopped are UNKNOWN', async () => {
    const id = await at.api.wrapperOf(csvOf(500), { batch_size: 10 });
    expect(await health(id)).toEqual(verdictOf(id, 'UNKNOWN', false));
    await at.api.behave({ latency_ms: 50 });
    await at.api.begin(id);
    await at.api.stop(id);
    expect(await health(id)).toEqual(verdictOf(id, 'UNKNOWN', false));
    expect((await at.api.get(id, '/monitoring')).body.monitoring_details.reason_code).toBe('STOPPED');
    await at.api.behave({});
    await at.api.execute(id);
    expect(await health(id)).toEqual(verdictOf(id, 'UNKNOWN', false));
    expect((await at.api.get(id, '/monitoring')).body.monitoring_details.reason_code).toBe('COMPLETED');
  });

  test('W-2: a refused execute leaves health as it was', async () => {
    const id = await at.api.wrapperOf(csvOf(3));
    await at.api.execute(id);
    expect((await at.api.execute(id, '?from=cp-4711')).status).toBe(400);
    expect(await health(id)).toEqual(verdictOf(id, 'UNKNOWN', false));
  });
});

describe('W-5: while executing', () => {
  test('W-5: data that is acknowledged in time is HEALTHY', async () => {
    const id = await at.api.wrapperOf(csvOf(500), { batch_size: 10 });
    await at.api.behave({ latency_ms: 50 });
    await at.api.begin(id);
    expect(await health(id)).toEqual(verdictOf(id, 'HEALTHY', true));
    const { body } = await at.api.get(id, '/monitoring');
    expect(body).toMatchObject({ health_status: 'HEALTHY', monitoring_details: { reason_code: 'PROGRESSING' } });
    expect(body.monitoring_details.expected_by).toMatch(/Z$/);
    await at.api.stop(id);
  });

  test('W-5: no data within stall_after_seconds is STALLED, W-3: and still executing', async () => {
    const id = await at.api.wrapperOf(csvOf(500), { batch_size: 10, stall_after_seconds: 1 });
    await at.api.behave({ hang_rate: 1 });
    await at.api.begin(id);
    expect(await health(id)).toEqual(verdictOf(id, 'HEALTHY', true));
    const { body } = await eventually(
      () => at.api.get(id, '/monitoring'),
      (reply) => reply.body.health_status === 'STALLED',
      6000,
    );
    expect(body.monitoring_details).toMatchObject({ reason_code: 'NO_DATA_IN_TIME', status: 'executing' });
    expect(await health(id)).toEqual(verdictOf(id, 'STALLED', true));
    await at.api.stop(id);
  });

  test('W-5: errors of the destination are DEGRADED, W-3: and still executing', async () => {
    const id = await at.api.wrapperOf(csvOf(500), { batch_size: 10 });
    await at.api.behave({ latency_ms: 50, error_rate: 0.5 });
    await at.api.begin(id);
    const { body } = await eventually(
      () => at.api.get(id, '/monitoring'),
      (reply) => reply.body.health_status === 'DEGRADED',
    );
    expect(body.monitoring_details).toMatchObject({
      reason_code: 'RECENT_ERRORS',
      recent_errors: [{ message: expect.stringContaining('HTTP 503') }],
    });
    expect(await health(id)).toEqual(verdictOf(id, 'DEGRADED', true));
    await at.api.stop(id);
  });

  test('W-5: partial acceptance is DEGRADED', async () => {
    const id = await at.api.wrapperOf(csvOf(500), { batch_size: 10 });
    await at.api.behave({ latency_ms: 50, partial_rate: 0.5 });
    await at.api.begin(id);
    await eventually(
      () => health(id),
      (verdict) => verdict.health_status === 'DEGRADED',
    );
    await at.api.stop(id);
  });

  test('W-5: quarantined rows are DEGRADED', async () => {
    const id = await at.api.wrapperOf(`id,name,value\n1,too,many,cells\n${csvOf(500).slice(14)}`, { batch_size: 10 });
    await at.api.behave({ latency_ms: 50 });
    await at.api.begin(id);
    const { body } = await eventually(
      () => at.api.get(id, '/monitoring'),
      (reply) => reply.body.health_status === 'DEGRADED',
    );
    expect(body.monitoring_details.reason_code).toBe('ROWS_QUARANTINED');
    await at.api.stop(id);
  });
});

describe('W-2: refused executes', () => {
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
