import { expect, test } from '@jest/globals';
import { eachOnce } from './support/csv.ts';
import { eventually, unchanged } from './support/eventually.ts';
import { recordsOf } from './support/test-source.ts';
import { each, useSources } from './support/use-sources.ts';
import { useStack } from './support/use-stack.ts';

const at = useStack();
const sources = useSources(at);
/** So many, and so slow, that no kind has ended before the last one has begun. */
const ROWS = 2000;
const stopped = (id: string) => ({ wrapper_id: id, success: true, message: 'Wrapper stopped successfully' });
const shown = async (id: string) => [await at.api.received(id), (await at.api.get(id)).body] as const;

/** Wrappers of every kind in the middle of a run, and what the executes that began them will answer. */
async function inTheMiddle() {
  const cases = await sources.wrappers(ROWS, { batch_size: 40 });
  await at.api.behave({ latency_ms: 400 });
  const answers = new Map(cases.map(({ id }) => [id, at.api.execute(id)]));
  await each(cases, ({ id }) =>
    eventually(
      () => at.api.received(id),
      ({ points }) => points >= 80,
    ),
  );
  return { cases, answers };
}

test('W-20: the sink is silent once stop has answered, and the next execute sends the rest, each record exactly once', async () => {
  const { cases } = await inTheMiddle();
  const left = await each(cases, async ({ id }) => {
    const asked = Date.now();
    const { status, body } = await at.api.stop(id);
    const [received, wrapper] = await shown(id);
    expect(Date.now() - asked).toBeLessThan(20_000);
    expect([status, body]).toEqual([200, stopped(id)]);
    // What was in flight was drained and committed: resuming repeats nothing.
    expect(wrapper).toMatchObject({ status: 'stopped', data_points_count: received.points });
    expect(received.points).toBeLessThan(ROWS);
    return ROWS - received.points;
  });
  await unchanged(() => each(cases, ({ id }) => shown(id)), 3000);
  await at.api.behave({});
  await each(cases, async ({ id }, index) => {
    expect((await at.api.execute(id)).body).toMatchObject({ success: true, data_points_sent: left[index] });
    expect(await at.api.received(id)).toMatchObject(eachOnce(ROWS));
  });
});

test('W-23: a stopped wrapper keeps checkpoint, log and counters; W-21: a second stop changes nothing', async () => {
  const { cases, answers } = await inTheMiddle();
  await each(cases, async ({ id, source }) => {
    await at.api.stop(id);
    const [received, wrapper] = await shown(id);
    expect(wrapper).toMatchObject({ status: 'stopped', error_message: null, data_points_count: received.points });
    // Of a file it is the row to go on with, of which the first is the header; of an API, the records read.
    const row = source.type === 'API' ? received.points : received.points + 2;
    expect(wrapper.checkpoint.position).toMatchObject({ row });
    const line = expect.stringContaining(`stopped: ${received.points} data points sent`);
    expect(wrapper.execution_log).toEqual([line]);
    const execution = { status: 'stopped', data_points_sent: received.points, error: null };
    expect((await at.api.get(id, '/executions')).body.items).toMatchObject([execution]);
    // W-13: whoever waited for the run is told.
    const waited = await answers.get(id);
    expect(waited?.status).toBe(200);
    expect(waited?.body).toMatchObject({ success: false, message: 'Wrapper was stopped', data_points_sent: null });
    expect(await at.api.stop(id)).toMatchObject({ status: 200, body: stopped(id) });
    expect(await shown(id)).toEqual([received, wrapper]);
  });
});

test('W-14: after an error the run goes on from the checkpoint; W-11: what was delivered before stays and is counted', async () => {
  const { cases } = await inTheMiddle();
  await at.api.behave({ status: 403, body: 'no more' });
  const delivered = await each(cases, async ({ id }) => {
    await at.api.becomes('error', id);
    // The end comes first, and its log entry behind it.
    const { body: wrapper } = await eventually(
      () => at.api.get(id),
      ({ body }) => body.execution_log.length > 0,
    );
    const { points } = await at.api.received(id);
    const error_message = 'destination refused: HTTP 403: no more';
    expect(wrapper).toMatchObject({ error_message, data_points_count: points });
    expect((await at.api.get(id, '/health')).body.health_status).toBe('CRASHED');
    // W-22: a stop leaves the status what it was.
    expect(await at.api.stop(id)).toMatchObject({ status: 200, body: stopped(id) });
    expect((await at.api.get(id)).body).toEqual(wrapper);
    return points;
  });
  await at.api.behave({});
  const sent = await each(cases, async ({ id }) => (await at.api.execute(id)).body.data_points_sent);
  expect(sent).toEqual(delivered.map((points) => ROWS - points));
  await each(cases, async ({ id }) => {
    // W-10: the error is cleared.
    expect((await at.api.get(id)).body).toMatchObject({ status: 'completed', error_message: null });
    expect(await at.api.received(id)).toMatchObject(eachOnce(ROWS));
  });
});

test('W-14: after completion a file gives nothing until it is another version, an API everything by the same ids', async () => {
  await each(await sources.wrappers(25), async ({ id, source }) => {
    const sent = async (query = '') => {
      const { status, body } = await at.api.execute(id, query);
      expect([status, body.success]).toEqual([200, true]);
      return body.data_points_sent;
    };
    expect(await sent()).toBe(25);
    expect(await sent()).toBe(source.type === 'API' ? 25 : 0);
    expect(await at.api.received(id)).toMatchObject({ unique_points: 25, bad_duplicates: 0 });
    source.hold(recordsOf(30));
    expect(await sent()).toBe(30);
    expect(await at.api.received(id)).toMatchObject({ unique_points: 30, bad_duplicates: 0 });
  });
});

test('W-14: ?from=<checkpoint id> and ?from=start replay, by the same ids', async () => {
  const { cases } = await inTheMiddle();
  await each(cases, ({ id }) => at.api.stop(id));
  await at.api.behave({});
  await each(cases, async ({ id }) => {
    const { checkpoint, data_points_count } = (await at.api.get(id)).body;
    const left = ROWS - data_points_count;
    const sent = async (query: string) => (await at.api.execute(id, query)).body.data_points_sent;
    expect(await sent('')).toBe(left);
    expect(await sent(`?from=${checkpoint.id}`)).toBe(left);
    expect(await sent('?from=start')).toBe(ROWS);
    const points = 2 * ROWS + left;
    expect(await at.api.received(id)).toMatchObject({ points, unique_points: ROWS, bad_duplicates: 0 });
  });
});

test('W-14: a file replaced half-way is 400 and asks for ?from=start, which reads the new one', async () => {
  const { cases } = await inTheMiddle();
  await each(cases, ({ id }) => at.api.stop(id));
  await at.api.behave({});
  const files = cases.filter(({ source }) => source.type !== 'API');
  expect(files).toHaveLength(2);
  await each(files, async ({ id, source }) => {
    const before = await at.api.received(id);
    source.hold(recordsOf(70, 1_000_000));
    const { status, body } = await at.api.execute(id);
    expect(status).toBe(400);
    expect(body.detail).toMatch(/^Execution error: file changed since the checkpoint.*\?from=start/);
    expect(await at.api.received(id)).toEqual(before);
    expect((await at.api.get(id)).body).toMatchObject({ status: 'error', data_points_count: before.points });
    expect((await at.api.execute(id, '?from=start')).body).toMatchObject({ success: true, data_points_sent: 70 });
  });
});

test('W-15: a continuous wrapper answers when it has caught up, and goes on executing', async () => {
  await each(await sources.wrappers(30, { mode: 'continuous', interval_seconds: 1 }), async ({ id }) => {
    const { status, body } = await at.api.execute(id);
    expect(status).toBe(200);
    expect(body).toMatchObject({ success: true, message: 'Wrapper executed successfully', data_points_sent: 30 });
    expect((await at.api.get(id)).body.status).toBe('executing');
    const caughtUp = await eventually(
      () => at.api.get(id, '/monitoring'),
      (reply) => reply.body.monitoring_details.reason_code === 'CAUGHT_UP',
    );
    expect(caughtUp.body.health_status).toBe('HEALTHY');
    expect((await at.api.get(id, '/health')).body.is_actively_executing).toBe(true);
    expect((await at.api.stop(id)).body).toEqual(stopped(id));
    expect((await at.api.get(id)).body.status).toBe('stopped');
    expect(await at.api.received(id)).toMatchObject({ unique_points: 30, bad_duplicates: 0 });
  });
});

test('W-25: a stop that races the natural end leaves completed or stopped, and every record once', async () => {
  const ends = new Set<string>();
  // From well before the end to well after it.
  for (const delayMs of [0, 60, 120, 180, 240, 300]) {
    const cases = await sources.wrappers(40, { batch_size: 10 });
    await at.api.behave({ latency_ms: 30 });
    await each(cases, async ({ id }) => {
      const answered = at.api.execute(id);
      await eventually(
        () => at.api.get(id),
        ({ body }) => body.status !== 'pending',
      );
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      expect((await at.api.stop(id)).body).toEqual(stopped(id));
      const { body } = await answered;
      const { status } = (await at.api.get(id)).body;
      expect(['completed', 'stopped']).toContain(status);
      expect(body.success).toBe(status === 'completed');
      ends.add(status);
      await unchanged(() => shown(id), 300);
      if (status === 'stopped') expect((await at.api.execute(id)).body.success).toBe(true);
      expect(await at.api.received(id)).toMatchObject(eachOnce(40));
    });
  }
  expect(ends.has('stopped')).toBe(true);
});
