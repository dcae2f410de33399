import { expect, test } from '@jest/globals';
import { eachOnce } from './support/csv.ts';
import { eventually } from './support/eventually.ts';
import { recordsOf, type TestSource } from './support/test-source.ts';
import { type Case, each, useSources } from './support/use-sources.ts';
import { useStack } from './support/use-stack.ts';

const at = useStack();
const sources = useSources(at);
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const secondsAgo = (text: string) => (Date.now() - Date.parse(text)) / 1000;
const verdictOf = (wrapper_id: string, health_status: string, is_actively_executing: boolean) => ({
  wrapper_id,
  health_status,
  is_actively_executing,
});
const health = async (id: string) => (await at.api.get(id, '/health')).body;
const reasonOf = async (id: string) => (await at.api.get(id, '/monitoring')).body.monitoring_details.reason_code;

test('W-10: a success is told with the points acknowledged, and completes the wrapper', async () => {
  await each(await sources.wrappers(25, { batch_size: 10 }), async ({ id }) => {
    const { status, body } = await at.api.execute(id);
    expect(status).toBe(200);
    expect(body).toEqual({
      wrapper_id: id,
      success: true,
      message: 'Wrapper executed successfully',
      data_points_sent: 25,
      execution_time: expect.stringMatching(time),
    });
    expect(secondsAgo(String(body.execution_time))).toBeLessThan(10);
    const wrapper = (await at.api.get(id)).body;
    expect(wrapper).toMatchObject({ status: 'completed', error_message: null, data_points_count: 25 });
    expect(secondsAgo(String(wrapper.last_data_sent))).toBeLessThan(10);
    expect(wrapper.execution_log).toEqual([expect.stringContaining('completed: 25 data points sent')]);
    expect((await at.api.get(id, '/executions')).body.items).toMatchObject([
      { status: 'completed', records_read: 25, data_points_sent: 25, quarantined: 0, batches: 3, error: null },
    ]);
    expect(await at.api.received(id)).toMatchObject(eachOnce(25));
  });
});

test('W-2: health is UNKNOWN before a run and after it; W-22: stops of it succeed and change nothing', async () => {
  await each(await sources.wrappers(5), async ({ id }) => {
    const stopsInVain = async (status: string, reason: string) => {
      const before = (await at.api.get(id)).body;
      expect(before.status).toBe(status);
      expect(await health(id)).toEqual(verdictOf(id, 'UNKNOWN', false));
      expect(await reasonOf(id)).toBe(reason);
      const body = { wrapper_id: id, success: true, message: 'Wrapper stopped successfully' };
      expect(await at.api.stop(id)).toMatchObject({ status: 200, body });
      expect((await at.api.get(id)).body).toEqual(before);
      expect(await reasonOf(id)).toBe(reason);
    };
    await stopsInVain('pending', 'NEVER_STARTED');
    await at.api.execute(id);
    await stopsInVain('completed', 'COMPLETED');
  });
});

test.each([
  ['data that is acknowledged in time', 'HEALTHY', 'PROGRESSING', {}, {}],
  ['no data within stall_after_seconds', 'STALLED', 'NO_DATA_IN_TIME', { hang_rate: 1 }, { stall_after_seconds: 1 }],
  ['errors of the destination', 'DEGRADED', 'RECENT_ERRORS', { error_rate: 0.5 }, {}],
  ['partial acceptance', 'DEGRADED', 'RECENT_ERRORS', { partial_rate: 0.5 }, {}],
  ['a quarantined row', 'DEGRADED', 'ROWS_QUARANTINED', {}, {}],
])(
  'W-5, W-3: with %s it is %s and executing, and UNKNOWN once it is stopped',
  async (what, status, reason, manners, more) => {
    const cases = await sources.wrappers(500, { batch_size: 10, ...more });
    if (what === 'a quarantined row') {
      for (const { source } of cases) source.hold([{ id: 0, value: 'warm' }, ...recordsOf(500)]);
    }
    await at.api.behave({ latency_ms: 50, ...manners });
    await each(cases, async ({ id }) => {
      await at.api.begin(id);
      const { body } = await eventually(
        () => at.api.get(id, '/monitoring'),
        (reply) => reply.body.health_status === status,
      );
      expect(body.monitoring_details).toMatchObject({ reason_code: reason, status: 'executing' });
      expect(body.monitoring_details.expected_by).toMatch(time);
      expect(await health(id)).toEqual(verdictOf(id, status, true));
      await at.api.stop(id);
      expect(await health(id)).toEqual(verdictOf(id, 'UNKNOWN', false));
      expect(await reasonOf(id)).toBe('STOPPED');
    });
  },
);

/** Status and cause of a run that delivers nothing. */
async function failureOf({ id }: Case): Promise<readonly [status: number, cause: string]> {
  const { status, body } = await at.api.execute(id);
  if (status === 200) {
    expect(body).toEqual({
      wrapper_id: id,
      success: false,
      message: expect.any(String),
      data_points_sent: null,
      execution_time: expect.stringMatching(time),
    });
  }
  const cause = status === 200 ? body.message : body.detail;
  const wrapper = (await at.api.get(id)).body;
  expect(wrapper).toMatchObject({ status: 'error', last_data_sent: null, data_points_count: 0, checkpoint: null });
  expect(cause.endsWith(String(wrapper.error_message))).toBe(true);
  expect(wrapper.execution_log).toEqual([expect.stringMatching(/ ERROR /)]);
  expect(wrapper.execution_log[0]).toContain(wrapper.error_message);
  return [status, cause];
}

type Failure = readonly [status: number, cause: string];
const alike = (failure: Failure) => ({ API: failure, CSV: failure, XLSX: failure });
const notFound: Failure = [400, 'Execution error: Wrapper file not found'];

test.each<[string, (source: TestSource) => void, Readonly<Record<TestSource['type'], Failure>>]>([
  ['is not there', (source) => source.fail(404), { API: [200, 'HTTP 404 from source'], CSV: notFound, XLSX: notFound }],
  [
    'refuses the credentials',
    (source) => source.fail(401),
    alike([400, 'Execution error: Data source connection failed: HTTP 401']),
  ],
  [
    'is nothing of its kind',
    (source) => source.garble(),
    {
      API: [200, 'is not JSON: it is a web page'],
      CSV: [200, 'the file is not CSV: it is a PNG image'],
      XLSX: [200, "the XLSX file can't be read: it is no XLSX file, but text"],
    },
  ],
  [
    'has no data row',
    (source) => source.hold([]),
    alike([200, 'No data rows: the source is empty or has only a header']),
  ],
])('W-11: a source that %s', async (_, spoil, expected) => {
  const cases = await sources.wrappers(3);
  for (const { source } of cases) spoil(source);
  await each(cases, async (one) => {
    const [status, cause] = expected[one.source.type];
    expect(await failureOf(one)).toEqual([status, expect.stringContaining(cause)]);
  });
});

test('W-11: a source that fails, never answers or is not there is borne for some seconds', async () => {
  const [failing, silent, absent] = await Promise.all([
    sources.wrappers(3),
    sources.wrappers(3),
    sources.wrappersAt('http://127.0.0.1:9/'),
  ]);
  for (const { source } of failing) source.fail(500);
  for (const { source } of silent) source.fail('hang');
  const meets = (cases: readonly Case[], status: number, cause: string) =>
    each(cases, async (one) => expect(await failureOf(one)).toEqual([status, expect.stringContaining(cause)]));
  await Promise.all([
    meets(failing, 200, 'HTTP 500 from source'),
    meets(silent, 503, 'Service unavailable: Connection timeout'),
    meets(absent, 503, 'Service unavailable: Connection refused'),
  ]);
});

test('W-11: a forbidden address is 400', async () => {
  await each(await sources.wrappersAt('http://10.0.0.1/'), async (one) => {
    const forbidden = 'Execution error: Forbidden address: http://10.0.0.1 is not https';
    expect(await failureOf(one)).toEqual([400, forbidden]);
  });
});

test('W-12: Prefer: respond-async answers 202 at once, and tells where the result will be', async () => {
  const cases = await sources.wrappers(10);
  await at.api.behave({ latency_ms: 2500 });
  await each(cases, async ({ id }) => {
    const began = Date.now();
    const { status, headers, body } = await at.api.execute(id, '', { Prefer: 'respond-async' });
    expect(Date.now() - began).toBeLessThan(2400);
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
});

test('W-12: Prefer: wait=1 waits one second for a run that takes longer', async () => {
  const cases = await sources.wrappers(40, { batch_size: 10 });
  await at.api.behave({ latency_ms: 1000 });
  await each(cases, async ({ id }) => {
    const began = Date.now();
    const { status, headers, body } = await at.api.execute(id, '', { Prefer: 'wait=1' });
    expect(Date.now() - began).toBeGreaterThanOrEqual(1000);
    expect(Date.now() - began).toBeLessThan(3500);
    expect(status).toBe(202);
    expect(headers.get('preference-applied')).toBe('wait=1');
    expect([0, 10, 20, 30]).toContain(body.data_points_sent);
    await at.api.becomes('completed', id);
  });
});

test('W-13: executes at the same time are one run with equal answers', async () => {
  const cases = await sources.wrappers(40, { batch_size: 20 });
  // Longer than the slowest of them needs to arrive.
  await at.api.behave({ latency_ms: 1500 });
  await each(cases, async ({ id }) => {
    const answers = await Promise.all([1, 2, 3].map(() => at.api.execute(id)));
    for (const { status, body } of answers) expect([status, body]).toEqual([200, answers[0]?.body]);
    expect(answers[0]?.body).toMatchObject({ success: true, data_points_sent: 40 });
    expect((await at.api.get(id, '/executions')).body.items).toHaveLength(1);
    expect(await at.api.received(id)).toMatchObject(eachOnce(40));
  });
});
