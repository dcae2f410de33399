import { describe, expect, test } from '@jest/globals';
import { csvOf, eachOnce } from './support/csv.ts';
import { eventually } from './support/eventually.ts';
import { useStack } from './support/use-stack.ts';

const at = useStack();
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const secondsAgo = (text: string) => (Date.now() - Date.parse(text)) / 1000;

describe('W-10: a successful run', () => {
  test('W-10: answers 200 with the points acknowledged and the instant of completion', async () => {
    const id = await at.api.wrapperOf(csvOf(1200));
    const { status, body } = await at.api.execute(id);
    expect(status).toBe(200);
    expect(body).toEqual({
      wrapper_id: id,
      success: true,
      message: 'Wrapper executed successfully',
      data_points_sent: 1200,
      execution_time: expect.stringMatching(time),
    });
    expect(secondsAgo(body.execution_time)).toBeLessThan(5);
    expect(await at.api.received(id)).toMatchObject(eachOnce(1200));
  });

  test('W-10: completes the wrapper: status, one log entry, last_data_sent, and a count grown by that number', async () => {
    const id = await at.api.wrapperOf(csvOf(10));
    await at.api.execute(id);
    const once = (await at.api.get(id)).body;
    expect(once).toMatchObject({ status: 'completed', error_message: null, data_points_count: 10 });
    expect(secondsAgo(once.last_data_sent)).toBeLessThan(5);
    expect(once.execution_log).toEqual([expect.stringContaining('completed: 10 data points sent')]);
    await at.api.execute(id, '?from=start');
    expect((await at.api.get(id)).body.data_points_count).toBe(20);
  });

  test('W-10: clears the error of the run before', async () => {
    const id = await at.api.wrapperOf(csvOf(10));
    await at.api.behave({ status: 400, body: 'no' });
    expect((await at.api.execute(id)).body.success).toBe(false);
    expect((await at.api.get(id)).body.error_message).toContain('HTTP 400');
    await at.api.behave({});
    expect((await at.api.execute(id)).body.success).toBe(true);
    expect((await at.api.get(id)).body).toMatchObject({ status: 'completed', error_message: null });
    expect(await at.api.received(id)).toMatchObject(eachOnce(10));
  });
});

describe('W-11: a failed run', () => {
  test('W-11: an unknown wrapper is 400 Wrapper not found', async () => {
    const { status, body } = await at.api.execute('9d9cf8a1-4f2e-4c43-9a5e-6f1f6f1f6f1f');
    expect(status).toBe(400);
    expect(body).toEqual({ detail: 'Execution error: Wrapper not found' });
  });

  test('W-11: a file that is not there is 400, and is told in status, error_message and log', async () => {
    const id = await at.api.createCsvWrapper('9d9cf8a1-4f2e-4c43-9a5e-6f1f6f1f6f1f');
    const { status, body } = await at.api.execute(id);
    expect(status).toBe(400);
    expect(body).toEqual({ detail: 'Execution error: Wrapper file not found' });
    const wrapper = (await at.api.get(id)).body;
    expect(wrapper).toMatchObject({
      status: 'error',
      error_message: 'Wrapper file not found',
      last_data_sent: null,
      data_points_count: 0,
      checkpoint: null,
    });
    expect(wrapper.execution_log.at(-1)).toMatch(/ERROR .*Wrapper file not found/);
  });

  test('W-11: a definition that does not fit its file is 400 Invalid wrapper configuration and names the field', async () => {
    const id = await at.api.wrapperOf(csvOf(3), { mapping: { key: ['nmae'] } });
    const { status, body } = await at.api.execute(id);
    expect(status).toBe(400);
    expect(body.detail).toBe(
      'Execution error: Invalid wrapper configuration: mapping.key[0]: no column "nmae" (columns: id, name, value)',
    );
  });

  test('W-11: data_points_sent is null exactly when success is false', async () => {
    const id = await at.api.wrapperOf(csvOf(10));
    await at.api.behave({ status: 400, body: 'no' });
    const { status, body } = await at.api.execute(id);
    expect(status).toBe(200);
    expect(body).toEqual({
      wrapper_id: id,
      success: false,
      message: 'destination refused: HTTP 400: no',
      data_points_sent: null,
      execution_time: expect.stringMatching(time),
    });
  });

  test('W-11: what was delivered before the failure stays delivered and counted', async () => {
    const id = await at.api.wrapperOf(csvOf(300), { batch_size: 10 });
    await at.api.behave({ latency_ms: 30 });
    await at.api.begin(id);
    await eventually(
      () => at.api.received(id),
      ({ points }) => points >= 50,
    );
    await at.api.behave({ status: 403, body: 'no more' });
    const wrapper = await at.api.becomes('error', id);
    const { points } = await at.api.received(id);
    expect(wrapper).toMatchObject({ error_message: 'destination refused: HTTP 403: no more' });
    expect(wrapper.data_points_count).toBe(points);
    expect(wrapper.last_data_sent).toMatch(time);
    await at.api.behave({});
    expect((await at.api.execute(id)).body.data_points_sent).toBe(300 - points);
    expect(await at.api.received(id)).toMatchObject(eachOnce(300));
  });
});

describe('W-12: waiting', () => {
  test('W-12: Prefer: respond-async answers 202 at once, and tells where to look', async () => {
    const id = await at.api.wrapperOf(csvOf(10));
    await at.api.behave({ latency_ms: 1000 });
    const began = Date.now();
    const { status, headers, body } = await at.api.execute(id, '', { Prefer: 'respond-async' });
    expect(Date.now() - began).toBeLessThan(900);
    expect(status).toBe(202);
    expect(body).toEqual({
      wrapper_id: id,
      success: null,
      message: 'Wrapper is still executing',
      data_points_sent: 0,
      execution_time: null,
      execution_id: expect.any(String),
    });
    expect(headers.get('preference-applied')).toBe('respond-async');
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    const location = `/resources/wrappers/${id}/executions/${body.execution_id}`;
    expect(headers.get('location')).toBe(location);
    expect((await at.api.call('GET', location)).body).toMatchObject({ status: 'executing', finished_at: null });
    await at.api.becomes('completed', id);
    expect((await at.api.call('GET', location)).body).toMatchObject({ status: 'completed', data_points_sent: 10 });
  });

  test('W-12: Prefer: wait=1 waits one second for a run that takes longer', async () => {
    const id = await at.api.wrapperOf(csvOf(40), { batch_size: 10 });
    await at.api.behave({ latency_ms: 700 });
    const began = Date.now();
    const { status, headers, body } = await at.api.execute(id, '', { Prefer: 'wait=1' });
    expect(Date.now() - began).toBeGreaterThanOrEqual(1000);
    expect(Date.now() - began).toBeLessThan(2500);
    expect(status).toBe(202);
    expect(headers.get('preference-applied')).toBe('wait=1');
    expect([0, 10, 20]).toContain(body.data_points_sent);
    await at.api.becomes('completed', id);
  });
});

describe('W-13: one run per wrapper', () => {
  test('W-13: executes at the same time are one run with equal answers', async () => {
    const id = await at.api.wrapperOf(csvOf(600), { batch_size: 200 });
    // Longer than the slowest of them needs to arrive.
    await at.api.behave({ latency_ms: 1500 });
    const answers = await Promise.all([1, 2, 3, 4].map(() => at.api.execute(id)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    for (const { body } of answers) expect(body).toEqual(answers[0]?.body);
    expect(answers[0]?.body).toMatchObject({ success: true, data_points_sent: 600 });
    expect((await at.api.get(id, '/executions')).body.items).toHaveLength(1);
    expect(await at.api.received(id)).toMatchObject(eachOnce(600));
  });

  test('W-13: an execute whose run is stopped while it waits is told so', async () => {
    const id = await at.api.wrapperOf(csvOf(400), { batch_size: 10 });
    await at.api.behave({ latency_ms: 200 });
    const waiting = at.api.execute(id);
    await at.api.becomes('executing', id);
    await at.api.stop(id);
    const { status, body } = await waiting;
    expect(status).toBe(200);
    expect(body).toMatchObject({ success: false, message: 'Wrapper was stopped', data_points_sent: null });
  });

  test('W-13: an Idempotency-Key replays its run, and another request under it is 422', async () => {
    const id = await at.api.wrapperOf(csvOf(10));
    const key = { 'Idempotency-Key': 'monday' };
    const first = await at.api.execute(id, '?from=start', key);
    const again = await at.api.execute(id, '?from=start', key);
    expect(again).toMatchObject({ status: 200, body: first.body });
    expect((await at.api.get(id, '/executions')).body.items).toHaveLength(1);
    const other = await at.api.execute(id, '', key);
    expect(other.status).toBe(422);
    expect(other.body).toEqual({ detail: expect.stringContaining('Idempotency-Key') });
    expect((await at.api.execute(id, '?from=start', { 'Idempotency-Key': 'tuesday' })).body.data_points_sent).toBe(10);
    expect((await at.api.execute(id, '?from=start', key)).body).toEqual(first.body);
  });

  test('W-13: an Idempotency-Key belongs to one wrapper', async () => {
    const [one, two] = await Promise.all([at.api.wrapperOf(csvOf(10)), at.api.wrapperOf(csvOf(20))]);
    const key = { 'Idempotency-Key': 'shared' };
    expect((await at.api.execute(one, '', key)).body.data_points_sent).toBe(10);
    expect((await at.api.execute(two, '', key)).body.data_points_sent).toBe(20);
  });
});

describe('W-14: where a run starts', () => {
  test('W-14: after completion the same file version is a success with 0 points', async () => {
    const id = await at.api.wrapperOf(csvOf(10));
    await at.api.execute(id);
    expect((await at.api.execute(id)).body).toMatchObject({ success: true, data_points_sent: 0 });
    expect(await at.api.received(id)).toMatchObject(eachOnce(10));
  });

  test('W-14: after an error the run goes on from the checkpoint', async () => {
    const id = await at.api.wrapperOf(csvOf(300), { batch_size: 10 });
    await at.api.behave({ latency_ms: 20 });
    await at.api.begin(id);
    await eventually(
      () => at.api.received(id),
      ({ points }) => points >= 30,
    );
    await at.api.behave({ status: 400 });
    const { data_points_count } = await at.api.becomes('error', id);
    await at.api.behave({});
    const { body } = await at.api.execute(id);
    expect(body).toMatchObject({ success: true, data_points_sent: 300 - data_points_count });
    expect(await at.api.received(id)).toMatchObject(eachOnce(300));
  });

  test('W-14: ?from=start starts over, with the same point ids', async () => {
    const id = await at.api.wrapperOf(csvOf(30));
    await at.api.execute(id);
    expect((await at.api.execute(id, '?from=start')).body).toMatchObject({ success: true, data_points_sent: 30 });
    expect(await at.api.received(id)).toMatchObject({ points: 60, unique_points: 30, bad_duplicates: 0 });
  });

  test('W-14: ?from=<checkpoint id> replays from there, with the same point ids', async () => {
    const id = await at.api.wrapperOf(csvOf(60), { batch_size: 10 });
    await at.api.behave({ latency_ms: 150 });
    await at.api.begin(id);
    await eventually(
      () => at.api.received(id),
      ({ points }) => points >= 20,
    );
    await at.api.stop(id);
    const { checkpoint, data_points_count } = (await at.api.get(id)).body;
    await at.api.behave({});
    await at.api.execute(id);
    const listed = (await at.api.get(id, '/checkpoints')).body.items;
    expect(listed.map((each: { id: string }) => each.id)).toContain(checkpoint.id);
    const { body } = await at.api.execute(id, `?from=${checkpoint.id}`);
    expect(body).toMatchObject({ success: true, data_points_sent: 60 - data_points_count });
    expect(await at.api.received(id)).toMatchObject({
      points: 120 - data_points_count,
      unique_points: 60,
      bad_duplicates: 0,
    });
  });

  test.each(['cp-99999', 'yesterday'])(
    'W-14: ?from=%s, which is no checkpoint, is 400 and changes nothing',
    async (from) => {
      const id = await at.api.wrapperOf(csvOf(5));
      await at.api.execute(id);
      const { status, body } = await at.api.execute(id, `?from=${from}`);
      expect(status).toBe(400);
      expect(body.detail).toMatch(/^Execution error: .*(checkpoint|from)/i);
      expect((await at.api.get(id)).body).toMatchObject({ status: 'completed', data_points_count: 5 });
    },
  );
});

describe('W-15: a continuous wrapper', () => {
  test('W-15: answers when it has caught up, goes on executing', async () => {
    const fileId = await at.api.upload(csvOf(30));
    const id = await at.api.createCsvWrapper(fileId, { mode: 'continuous', interval_seconds: 1 });
    const { status, body } = await at.api.execute(id);
    expect(status).toBe(200);
    expect(body).toMatchObject({ success: true, message: 'Wrapper executed successfully', data_points_sent: 30 });
    expect((await at.api.get(id)).body.status).toBe('executing');
    expect((await at.api.get(id, '/health')).body).toMatchObject({
      health_status: 'HEALTHY',
      is_actively_executing: true,
    });
    const caughtUp = await eventually(
      () => at.api.get(id, '/monitoring'),
      (reply) => reply.body.monitoring_details.reason_code === 'CAUGHT_UP',
    );
    expect(caughtUp.body.health_status).toBe('HEALTHY');
    expect((await at.api.stop(id)).body.success).toBe(true);
    expect((await at.api.get(id)).body.status).toBe('stopped');
    expect(await at.api.received(id)).toMatchObject(eachOnce(30));
  });
});
