import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startUpstream, type Upstream } from '../support/upstream/upstream.ts';
import { eachOnce } from './support/csv.ts';
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

async function createApiWrapper(source: Record<string, unknown>, more: Record<string, unknown> = {}): Promise<string> {
  const created = await on.api.call('POST', '/resources/wrappers', {
    name: 'issues',
    source: { type: 'API', ...source },
    mapping: { key: ['id'] },
    destination: { type: 'http', url: `${on.stack.sinkUrl}/points` },
    ...more,
  });
  if (created.status !== 201) throw new Error(`create answered ${created.status}: ${JSON.stringify(created.body)}`);
  return created.body.wrapper_id;
}

const many = (count: number) =>
  Array.from({ length: count }, (_, at) => ({
    id: at + 1,
    updated_at: new Date(Date.parse('2026-01-01T00:00:00Z') + at * 60_000).toISOString(),
  }));

const byPage = { pagination: { type: 'page', param: 'page' }, records: '$.data[*]' };

test('an API wrapper delivers every record of every page once, and the same points again the next time', async () => {
  upstream.records = many(10);
  const id = await createApiWrapper({ request: { url: `${upstream.url}/page` }, ...byPage });
  const executed = await on.api.execute(id);
  expect(executed.body).toMatchObject({ success: true, data_points_sent: 10 });
  expect(await on.api.received(id)).toMatchObject(eachOnce(10));
  expect((await on.api.execute(id)).body).toMatchObject({ success: true, data_points_sent: 10 });
  expect(await on.api.received(id)).toMatchObject({ unique_points: 10, duplicate_points: 10, bad_duplicates: 0 });
});

test('an incremental wrapper keeps both marks, and sends only what is new', async () => {
  upstream.records = many(10);
  const incremental = { cursor_field: 'updated_at', from_param: 'from', to_param: 'to', step: 'PT5M' };
  const start = '2026-01-01T00:00:00Z';
  const source = { request: { url: `${upstream.url}/page` }, ...byPage, incremental: { ...incremental, start } };
  const id = await createApiWrapper({ ...source, incremental: { ...source.incremental, step: 'P30D' } });
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
