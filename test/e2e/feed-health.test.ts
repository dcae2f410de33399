import { describe, expect, test } from '@jest/globals';
import { testHealth } from '../support/feeds/test-health.ts';
import { adapters } from '../support/feeds/test-registry.ts';
import { useFeedsStack } from './support/use-feeds-stack.ts';

const at = useFeedsStack();

const MINUTE = 60_000;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const EXACT_INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const META = { request_id: expect.stringMatching(/^req_\S+$/), response_generated_at: expect.stringMatching(INSTANT) };

/** What functions asked of the store; once a minute each tells it besides that it lives. */
const actionsSince = (before: number) =>
  at.stack.database.calls
    .slice(before)
    .flatMap(({ action, input }) => (/Heartbeats/.test(String(input.TableName)) ? [] : action));

describe('health before any poll', () => {
  test('M-3: every registered adapter is listed, in the order of the registry, and none is an incident', async () => {
    const { body } = await at.api.ask('/v1/health');
    expect(body.data.overall).toBe('initializing');
    expect(body.data.adapters.map(({ adapter_id }) => adapter_id)).toEqual(adapters.map(({ id }) => id));
  });

  test('M-3: the registry alone decides what is unknown, whatever is stored', async () => {
    await at.stack.store.healths.replace(testHealth({ adapterId: 'nobody', revision: 1 }));
    for (const id of ['nobody', 'no-such', '__proto__', 'a%20b']) {
      expect(await at.api.ask(`/v1/health/${id}`)).toEqual({
        status: 404,
        cache: 'no-store',
        body: { error: { code: 'ADAPTER_NOT_FOUND', message: 'Adapter not found' }, _meta: META },
      });
    }
  });

  test('M-4: without health, the last completed cycle tells lost from new, and neither is written back', async () => {
    const cycle = Date.parse('2026-03-19T12:35:00Z');
    await at.stack.store.cycles.record('forgotten', cycle);
    const before = at.stack.database.calls.length;
    const nothing = { last_attempted_fetch: null, consecutive_failures: 0, last_error: null, record_count: 0 };
    const noJob = { last_job_enqueued_at: null, last_queue_lag_ms: null, last_job_outcome: null, last_job_error: null };
    expect(await at.api.healthOf('never-polled')).toMatchObject({
      status: 'initializing',
      live_aggregation_eligible: false,
      last_successful_fetch: null,
      average_latency_ms: null,
      ...nothing,
      processor: { last_completed_cycle: null, ...noJob },
    });
    expect(await at.api.healthOf('forgotten')).toMatchObject({
      status: 'unknown',
      live_aggregation_eligible: false,
      last_successful_fetch: '2026-03-19T12:35:00Z',
      ...nothing,
      processor: { last_completed_cycle: '2026-03-19T12:35:00.000Z', ...noJob },
    });
    expect((await at.api.ask('/v1/health')).body.data.overall).toBe('down');
    await at.api.ask('/v1/records');
    expect([...new Set(actionsSince(before))].sort()).toEqual(['GetItem', 'Query']);
    expect(await at.stack.store.healths.get('forgotten')).toBeNull();
  });
});

describe('health of polls', () => {
  test('M-7, M-8: a good poll shows its instants, its durations and its records; M-10: and how long upstream took', async () => {
    at.stack.upstream.answers.set('steady/all', { records: { a: 'A', b: 'B' } });
    const health = await at.api.poll('steady');
    const { processor } = health;
    expect(health).toEqual({
      adapter_id: 'steady',
      jurisdiction: 'US-CA',
      feed_type: 'test-things',
      status: 'healthy',
      live_aggregation_eligible: true,
      last_successful_fetch: expect.stringMatching(INSTANT),
      last_attempted_fetch: health.last_successful_fetch,
      consecutive_failures: 0,
      last_error: null,
      record_count: 2,
      average_latency_ms: expect.any(Number),
      processor: {
        last_completed_cycle: expect.stringMatching(EXACT_INSTANT),
        last_job_enqueued_at: processor.last_completed_cycle,
        last_job_started_at: expect.stringMatching(EXACT_INSTANT),
        last_job_completed_at: expect.stringMatching(EXACT_INSTANT),
        last_queue_lag_ms: Date.parse(processor.last_job_started_at) - Date.parse(processor.last_job_enqueued_at),
        last_job_duration_ms: Date.parse(processor.last_job_completed_at) - Date.parse(processor.last_job_started_at),
        last_job_outcome: 'success',
        last_job_error: null,
      },
    });
    expect(health.average_latency_ms).toBe(Math.round(health.average_latency_ms));
    expect(processor.last_queue_lag_ms).toBeGreaterThanOrEqual(0);
    expect(processor.last_job_duration_ms).toBeGreaterThanOrEqual(0);
    expect(Date.parse(health.last_successful_fetch)).toBe(Date.parse(processor.last_completed_cycle));
  });

  test('M-8: a feed that has not changed is a success, and nothing but two items is written', async () => {
    await at.api.drained();
    const before = at.stack.database.calls.length;
    expect(await at.api.poll('steady')).toMatchObject({ status: 'healthy', record_count: 2, consecutive_failures: 0 });
    expect(at.stack.upstream.asked.at(-1)).toBe('steady/all 304');
    await at.api.drained();
    // Health is read by this test.
    expect(actionsSince(before).filter((action) => action !== 'GetItem')).toEqual(['PutItem', 'PutItem']);
  });

  test('M-1, M-5: each element of the list is what its own route has, and _meta is two keys', async () => {
    const { body: all } = await at.api.ask('/v1/health');
    expect(Object.keys(all)).toEqual(['data', '_meta']);
    expect(Object.keys(all.data)).toEqual(['overall', 'adapters']);
    expect(all._meta).toEqual(META);
    for (const element of all.data.adapters) {
      const { body } = await at.api.ask(`/v1/health/${element.adapter_id}`);
      expect(body).toEqual({ data: element, _meta: META });
    }
  });

  test('M-6, M-8: a failing feed is 200, counts each failure once, keeps its last good count, and recovers', async () => {
    const good = { records: { a: 'A', b: 'B', c: 'C' } };
    const text = (body: string) => ({ status: 200, body });
    at.stack.upstream.answers.set('odd/all', good);
    const { last_successful_fetch: lastSuccess } = await at.api.poll('odd');
    const faults = [
      [503, 'upstream_http_failure', 'UPSTREAM_HTTP_503', /^HTTP 503 from upstream$/],
      [{ status: 429, headers: { 'retry-after': '60' } }, 'upstream_http_failure', 'UPSTREAM_HTTP_429', /429/],
      [text('<html>Be right back</html>'), 'upstream_parse_failure', 'UPSTREAM_PARSE', /JSON/],
      [text('{"records": {"a": "A"'), 'upstream_parse_failure', 'UPSTREAM_PARSE', /JSON/],
      [text('x'.repeat(10_001)), 'upstream_too_large', 'UPSTREAM_TOO_LARGE', /10000 bytes/],
      [{ records: {} }, 'upstream_empty', 'UPSTREAM_EMPTY', /no records/],
      [{ ...good, publishedAt: Date.now() - 61 * MINUTE }, 'upstream_stale', 'UPSTREAM_STALE', /not been updated/],
    ] as const;
    for (const [index, [answer, outcome, code, message]] of faults.entries()) {
      at.stack.upstream.answers.set('odd/all', answer);
      const health = await at.api.poll('odd');
      expect(health).toMatchObject({
        status: 'degraded',
        live_aggregation_eligible: false,
        consecutive_failures: index + 1,
        last_error: expect.stringMatching(message),
        record_count: 3,
        last_successful_fetch: lastSuccess,
        processor: { last_job_outcome: outcome, last_job_error: code },
      });
      expect(health.last_attempted_fetch > lastSuccess).toBe(true);
    }
    at.stack.upstream.answers.set('odd/all', good);
    expect(await at.api.poll('odd')).toMatchObject({
      status: 'healthy',
      live_aggregation_eligible: true,
      consecutive_failures: 0,
      last_error: null,
      record_count: 3,
      processor: { last_job_outcome: 'success', last_job_error: null },
    });
  });

  test('M-8: an upstream that does not answer is given up at the deadline; M-10: and has no latency yet', async () => {
    at.stack.upstream.answers.set('slow/all', 'hangs');
    expect(await at.api.poll('slow')).toMatchObject({
      status: 'degraded',
      consecutive_failures: 1,
      average_latency_ms: null,
      last_successful_fetch: null,
      processor: {
        last_completed_cycle: null,
        last_job_outcome: 'upstream_timeout',
        last_job_error: 'UPSTREAM_TIMEOUT',
      },
    });
  });

  test('a part that fails makes its feed degraded and not eligible, while its records stay good for use', async () => {
    at.stack.upstream.answers.set('parted/north', { records: { n: 'N' } });
    at.stack.upstream.answers.set('parted/south', { records: { s: 'S' } });
    await at.api.poll('parted');
    at.stack.upstream.answers.set('parted/south', 500);
    expect(await at.api.poll('parted')).toMatchObject({
      status: 'degraded',
      live_aggregation_eligible: false,
      consecutive_failures: 0,
      last_error: expect.stringContaining('south'),
      record_count: 2,
      processor: { last_job_outcome: 'partial_success', last_job_error: 'UPSTREAM_PARTIAL' },
    });
    const { body } = await at.api.ask('/v1/records?adapter_id=parted');
    expect(body.data.map(({ record_id }) => record_id)).toEqual(['n', 's']);
    expect(body._meta.sources).toMatchObject([{ adapter_id: 'parted', status: 'degraded', live_eligible: true }]);
  });

  test('with time a feed becomes stale, then down, though nothing is written', async () => {
    const aged = (revision: number, minutes: number) =>
      testHealth({ adapterId: 'aged', revision, cycle: Date.now(), lastSuccess: Date.now() - minutes * MINUTE });
    await at.stack.store.healths.replace(aged(1, 16));
    expect(await at.api.healthOf('aged')).toMatchObject({ status: 'stale', live_aggregation_eligible: false });
    await at.stack.store.healths.replace(aged(2, 61));
    expect(await at.api.healthOf('aged')).toMatchObject({ status: 'down', live_aggregation_eligible: false });
  });

  test('M-9: a poll that is delivered twice counts once, and one that comes late moves nothing back', async () => {
    at.stack.upstream.answers.set('twice/all', 503);
    const due = at.api.nextDue('twice');
    await Promise.all([at.api.send('twice', due), at.api.send('twice', due)]);
    await at.api.drained();
    expect(await at.api.healthOf('twice')).toMatchObject({ consecutive_failures: 1, record_count: 0 });
    const late = at.api.nextDue('twice');
    at.stack.upstream.answers.set('twice/all', { records: { a: 'A' } });
    const good = await at.api.poll('twice');
    at.stack.upstream.answers.set('twice/all', 500);
    await at.api.send('twice', late);
    await at.api.drained();
    expect(await at.api.healthOf('twice')).toEqual(good);
  });
});

describe('answers', () => {
  test.each([
    'limit=0',
    'limit=201',
    'limit=many',
    'limit=0x10',
    'cursor=nonsense',
    'updated_since=yesterday',
    'adapter_id=nobody',
    'colour=red',
  ])('Bad input: /v1/records?%s is 400 and named', async (query) => {
    const [name] = query.split('=');
    expect(await at.api.ask(`/v1/records?${query}`)).toEqual({
      status: 400,
      cache: 'no-store',
      body: {
        error: { code: 'INVALID_PARAMETER', message: expect.stringMatching(`^Invalid parameter: ${name}: \\S`) },
        _meta: META,
      },
    });
  });

  test.each(['/v1/health?verbose=1', '/v1/health/steady?verbose=1'])('Bad input: %s is 400 and named', async (path) => {
    const { status, body } = await at.api.ask(path);
    expect(status).toBe(400);
    expect(body.error).toEqual({ code: 'INVALID_PARAMETER', message: expect.stringContaining('verbose') });
  });

  test.each(['/v1/health', '/v1/health/steady', '/v1/records'])(
    'M-6: %s is 503 while the store is down, M-2: and never to be kept',
    async (path) => {
      // Without a key, which would have to be looked up.
      expect(await at.api.ask(path, {})).toMatchObject({ status: 200, cache: 'no-store' });
      at.stack.database.mode = 'down';
      expect(await at.api.ask(path, {})).toEqual({
        status: 503,
        cache: 'no-store',
        body: { error: { code: 'SERVICE_UNAVAILABLE', message: 'Service unavailable' }, _meta: META },
      });
    },
  );

  test.each([
    ['GET', '/v1/health', { Authorization: 'Bearer nonsense' }, 401, 'Unauthorized - API key required.'],
    ['GET', '/v1/nonsense', {}, 404, 'Not found'],
    ['GET', '/v1/health/a/b', {}, 404, 'Not found'],
    ['POST', '/v1/health', {}, 404, 'Not found'],
    ['PUT', '/v1/health/steady', {}, 404, 'Not found'],
    ['DELETE', '/v1/records', {}, 404, 'Not found'],
    ['OPTIONS', '/v1/records', {}, 404, 'Not found'],
  ])('M-2: what the gateway answers itself, to %s %s with %j: %i', async (method, path, headers, code, text) => {
    expect(await at.api.ask(path, headers, method)).toEqual({
      status: code,
      cache: 'no-store',
      body: { error: text, detail: text, code },
    });
  });

  test('M-6: requests without a key have a limit that they share, and that leaves keys theirs', async () => {
    let answer = await at.api.ask('/v1/health/steady', {});
    expect(answer.status).toBe(200);
    expect((await at.api.ask('/resources/wrappers', {})).status).toBe(401);
    for (let asked = 1; answer.status === 200 && asked < 100; asked += 1)
      answer = await at.api.ask('/v1/health/steady', {});
    expect(answer).toEqual({
      status: 429,
      cache: 'no-store',
      body: {
        error: { code: 'RATE_LIMIT_EXCEEDED', message: 'Too many requests' },
        detail: 'Too many requests',
        _meta: { request_id: META.request_id },
      },
    });
    expect((await at.api.ask('/v1/health/steady')).status).toBe(200);
  });
});
