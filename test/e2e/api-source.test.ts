import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { answer, startUpstream, type Upstream } from '../support/upstream/upstream.ts';
import { eachOnce } from './support/csv.ts';
import { eventually } from './support/eventually.ts';
import { useStack } from './support/use-stack.ts';

const on = useStack();
let upstream: Upstream;
beforeAll(async () => {
  upstream = await startUpstream();
});
beforeEach(() => {
  upstream.fault = undefined;
  upstream.requests.length = 0;
});
afterAll(() => upstream.close());

const createApiWrapper = (source: Record<string, unknown>, more: Record<string, unknown> = {}): Promise<string> =>
  on.api.createWrapper({ source: { type: 'API', ...source }, mapping: { key: ['id'] }, ...more });

const many = (count: number) =>
  Array.from({ length: count }, (_, at) => ({
    id: at + 1,
    updated_at: new Date(Date.parse('2026-01-01T00:00:00Z') + at * 60_000).toISOString(),
  }));

const byPage = { pagination: { type: 'page', param: 'page' }, records: '$.data[*]' };

test('an incremental wrapper keeps both marks, and sends only what is new', async () => {
  upstream.records = many(10);
  const incremental = {
    cursor_field: 'updated_at',
    start: '2026-01-01T00:00:00Z',
    step: 'P30D',
    from_param: 'from',
    to_param: 'to',
  };
  const id = await createApiWrapper({ request: { url: `${upstream.url}/page` }, ...byPage, incremental });
  expect((await on.api.execute(id)).body).toMatchObject({ success: true, data_points_sent: 10 });
  const { checkpoint } = (await on.api.get(id)).body;
  expect(checkpoint).toMatchObject({
    phase: 'continuous',
    high_water_mark: '2026-01-01T00:09:00.000Z',
    low_water_mark: '2026-01-01T00:00:00.000Z',
  });
  expect((await on.api.execute(id)).body).toMatchObject({ success: true, data_points_sent: 0 });
  upstream.records = many(13);
  expect((await on.api.execute(id)).body).toMatchObject({ success: true, data_points_sent: 3 });
  expect(await on.api.received(id)).toMatchObject(eachOnce(13));
});

test('a continuous wrapper over an upstream that grows by 50 records a second, stopped and resumed ten times at random moments, delivers each record exactly once', async () => {
  upstream.records = many(20);
  let made = upstream.records.length;
  const growing = setInterval(() => {
    made++;
    upstream.records.push({ id: made, updated_at: new Date().toISOString() });
  }, 20);
  try {
    const id = await createApiWrapper(
      {
        request: { url: `${upstream.url}/page` },
        records: '$.data[*]',
        pagination: { type: 'page', param: 'page', size_param: 'size', size: 40 },
        incremental: {
          cursor_field: 'updated_at',
          from_param: 'from',
          start: '2026-01-01T00:00:00Z',
          lookback: 'PT2S',
        },
      },
      { mode: 'continuous', interval_seconds: 1, batch_size: 50 },
    );
    for (let round = 0; round < 10; round++) {
      await on.api.begin(id);
      await sleep(Math.random() * 2500);
      expect((await on.api.stop(id)).body).toMatchObject({ success: true });
    }
    await on.api.begin(id);
    clearInterval(growing);
    await eventually(
      () => on.api.received(id),
      ({ unique_points }) => unique_points >= made,
    );
    expect((await on.api.get(id, '/health')).body).toMatchObject({ health_status: 'HEALTHY' });
    await on.api.stop(id);
    expect(await on.api.received(id)).toMatchObject(eachOnce(made));
    expect((await on.api.get(id)).body).toMatchObject({ data_points_count: made, checkpoint: { phase: 'continuous' } });
  } finally {
    clearInterval(growing);
  }
});

test('a long Retry-After is waited out between slices, and a stop does not wait for it', async () => {
  upstream.records = many(6);
  const id = await createApiWrapper({ request: { url: `${upstream.url}/page` }, ...byPage });
  upstream.fault = (request, response) => {
    if (!request.url.includes('page=2')) return false;
    answer(429, '', { 'retry-after': '6' })(request, response);
    upstream.fault = undefined;
    return true;
  };
  const executed = await on.api.execute(id);
  expect(executed.body).toMatchObject({ success: true, data_points_sent: 6 });
  expect(await on.api.received(id)).toMatchObject(eachOnce(6));
  upstream.fault = (request, response) => {
    answer(429, '', { 'retry-after': '3600' })(request, response);
    return true;
  };
  await on.api.begin(id);
  await eventually(
    async () => (await on.api.get(id, '/monitoring')).body.monitoring_details.reason_code,
    (reason) => reason === 'WAITING_FOR_UPSTREAM',
  );
  expect((await on.api.stop(id)).body).toMatchObject({ success: true });
});

test('a secret reaches the upstream, and nothing else', async () => {
  upstream.records = many(3);
  writeFileSync(path.join(on.stack.dataDir, 'secrets.json'), JSON.stringify({ 'upstream/key': 'canary-4711' }));
  upstream.fault = (request, response) => {
    if (request.headers.authorization === 'Bearer canary-4711') return false;
    answer(401)(request, response);
    return true;
  };
  const auth = { type: 'bearer', token: { secret: 'upstream/key' } };
  const id = await createApiWrapper({ request: { url: `${upstream.url}/page` }, ...byPage, auth });
  expect((await on.api.execute(id)).body).toMatchObject({ success: true, data_points_sent: 3 });
  const shown = [await on.api.get(id), await on.api.get(id, '/logs'), await on.api.get(id, '/executions')];
  expect(JSON.stringify(shown.map(({ body }) => body))).not.toContain('canary');
  expect(on.stack.output()).not.toContain('canary');
  const preview = await on.api.call('POST', `/resources/wrappers/${id}/preview`);
  expect(preview.body.data_points).toHaveLength(3);
});
