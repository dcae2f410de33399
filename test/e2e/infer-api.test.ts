import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startUpstream, type Upstream } from '../support/upstream/upstream.ts';
import { eachOnce } from './support/csv.ts';
import { useStack } from './support/use-stack.ts';

const on = useStack();
let upstream: Upstream;
beforeAll(async () => {
  upstream = await startUpstream();
});
beforeEach(() => {
  upstream.requests.length = 0;
  upstream.pageSize = 3;
  upstream.records = Array.from({ length: 13 }, (_, at) => ({
    id: at + 1,
    name: `issue ${at}`,
    updated_at: new Date(Date.parse('2026-01-01T00:00:00Z') + at * 60_000).toISOString(),
  }));
});
afterAll(() => upstream.close());

const infer = (path: string) =>
  on.api.call('POST', '/resources/wrappers/infer', {
    url: `${upstream.url}${path}`,
    destination: { type: 'http', url: `${on.stack.sinkUrl}/points` },
  });

describe('Infer from an API', () => {
  test.each<[string, string]>([
    ['/link', 'link_header'],
    ['/next-url', 'next_url'],
    ['/next-relative', 'next_url'],
    ['/cursor', 'cursor'],
    ['/last-id', 'last_id'],
    ['/page', 'page'],
    ['/pages', 'page'],
    ['/page-0', 'page'],
    ['/page-404', 'page'],
    ['/offset', 'offset'],
    ['/page?page=1&per_page=4', 'page'],
    ['/offset?offset=0&limit=4', 'offset'],
    ['/all', 'none'],
  ])('%s: every page is found by five requests at most, and the proposal runs unchanged', async (path, type) => {
    // Lists without a word about others are tried when they are as long as pages often are.
    if (path.startsWith('/page-')) upstream.pageSize = 10;
    const { status, body } = await infer(path);
    expect({ status, detail: body.detail }).toEqual({ status: 200, detail: undefined });
    expect(upstream.requests.length).toBeLessThanOrEqual(5);
    expect(body.definition).toMatchObject({
      source: { type: 'API', pagination: { type } },
      mapping: { timestamp: { from: 'updated_at', format: 'iso' }, key: ['id'] },
    });
    expect(body.choices).toContainEqual({
      path: 'source.incremental',
      value: null,
      evidence: expect.stringMatching(/all records once more.* such as "updated_at" here.*docs\/wrappers\.md/),
      confidence: 0.5,
    });
    const created = await on.api.call('POST', '/resources/wrappers', body.definition);
    const previewed = await on.api.call('POST', `/resources/wrappers/${created.body.wrapper_id}/preview?limit=5`);
    expect(previewed.body.data_points.map(({ data }) => data.id)).toEqual([1, 2, 3, 4, 5]);
    const executed = await on.api.execute(created.body.wrapper_id);
    expect(executed.body).toMatchObject({ success: true, data_points_sent: 13 });
    expect(await on.api.received(created.body.wrapper_id)).toMatchObject(eachOnce(13));
  });
});
