import { describe, expect, test } from '@jest/globals';
import { totalsOf } from '../../lambdas/domain/feeds/feed-totals.ts';
import { eventually } from './support/eventually.ts';
import { useFeedsStack } from './support/use-feeds-stack.ts';

const at = useFeedsStack();

const MINUTE = 60_000;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const META = { request_id: expect.stringMatching(/^req_\S+$/), response_generated_at: expect.stringMatching(INSTANT) };

describe('records', () => {
  const idsIn = (body: { data: readonly { record_id: string }[] }) => body.data.map(({ record_id }) => record_id);
  const roads = '/v1/records?feed_type=test-roads';

  test('are listed by feed and id, page by page, with what they rest on', async () => {
    at.stack.upstream.answers.set('roads-ca/all', { records: { a: 'A', b: 'B', c: 'C' } });
    at.stack.upstream.answers.set('roads-wa/all', { records: { a: 'A in WA' } });
    await at.api.poll('roads-ca');
    const first = (await at.api.ask(`${roads}&limit=2`)).body;
    expect(first).toEqual({
      data: [expect.objectContaining({ record_id: 'a' }), expect.objectContaining({ record_id: 'b' })],
      _meta: {
        ...META,
        sources: [
          { adapter_id: 'roads-ca', status: 'healthy', live_eligible: true, last_successful_fetch: expect.any(String) },
          { adapter_id: 'roads-wa', status: 'initializing', live_eligible: false, last_successful_fetch: null },
        ],
        query_coverage: { requested: ['roads-ca', 'roads-wa'], covered: ['roads-ca'], missing: ['roads-wa'] },
        pagination: { limit: 2, next_cursor: expect.any(String) },
      },
    });
    expect(first.data[0]).toEqual({
      record_id: 'a',
      adapter_id: 'roads-ca',
      jurisdiction: 'US-CA',
      feed_type: 'test-roads',
      title: 'A',
      status: 'active',
      severity: 'minor',
      geometry: { type: 'Point', coordinates: [-120.5, 39.25] },
      starts_at: null,
      ends_at: null,
      updated_at: expect.stringMatching(INSTANT),
      properties: {},
    });
    // What comes before the place where a page ended does not move it.
    at.stack.upstream.answers.set('roads-ca/all', { records: { a: 'A', aa: 'New', b: 'B', c: 'C' } });
    await Promise.all([at.api.poll('roads-ca'), at.api.poll('roads-wa')]);
    const second = (await at.api.ask(`${roads}&limit=2&cursor=${first._meta.pagination.next_cursor}`)).body;
    expect(idsIn(second)).toEqual(['c', 'a']);
    expect(second._meta.pagination).toEqual({ limit: 2, next_cursor: null });
    expect((await at.api.ask(roads)).body._meta.pagination).toEqual({ limit: 50, next_cursor: null });
    const inWashington = (await at.api.ask('/v1/records?jurisdiction=US-WA')).body;
    expect(inWashington.data).toMatchObject([{ record_id: 'a', title: 'A in WA', jurisdiction: 'US-WA' }]);
    for (const nothing of ['jurisdiction=US-NV', 'jurisdiction=us-wa', 'adapter_id=roads-ca&jurisdiction=US-WA']) {
      const { body } = await at.api.ask(`/v1/records?${nothing}`);
      expect(body).toMatchObject({ data: [], _meta: { sources: [], query_coverage: { requested: [] } } });
    }
  });

  test('that have gone from their feed are closed, and told to those who ask what has changed', async () => {
    const since = new Date().toISOString();
    at.stack.upstream.answers.set('roads-ca/all', { records: { a: 'A', b: 'B again' } });
    await at.api.poll('roads-ca');
    expect(idsIn((await at.api.ask('/v1/records?adapter_id=roads-ca')).body)).toEqual(['a', 'b']);
    const { body } = await at.api.ask(`/v1/records?adapter_id=roads-ca&updated_since=${since}`);
    expect(body.data).toMatchObject([
      { record_id: 'aa', status: 'closed' },
      { record_id: 'b', status: 'active', title: 'B again' },
      { record_id: 'c', status: 'closed' },
    ]);
    expect(await at.api.healthOf('roads-ca')).toMatchObject({ status: 'healthy', record_count: 2 });
  });
});

describe('faults', () => {
  test('a poller that is killed in the middle of a poll loses nothing', async () => {
    await at.api.drained();
    at.stack.upstream.answers.set('killed/all', 'hangs');
    const due = at.api.nextDue('killed');
    await at.api.send('killed', due);
    await eventually(
      async () => at.stack.upstream.asked,
      (asked) => asked.includes('killed/all hangs'),
    );
    const busy =
      at.stack.functions
        .named('headgate-local-poll-feeds')
        ?.sandboxes()
        .filter((sandbox) => sandbox.busy) ?? [];
    expect(busy).toHaveLength(1);
    at.stack.upstream.answers.set('killed/all', { records: { a: 'A' } });
    for (const { pid } of busy) process.kill(pid, 'SIGKILL');
    expect(await at.api.shownFrom('killed', due)).toMatchObject({
      status: 'healthy',
      consecutive_failures: 0,
      record_count: 1,
    });
  });

  test('a store that throttles is no fault of the feed, and health is right as soon as it lets go', async () => {
    at.stack.upstream.answers.set('throttled/all', { records: { a: 'A', b: 'B' } });
    const due = at.api.nextDue('throttled');
    at.stack.database.mode = 'throttled';
    await at.api.send('throttled', due);
    await eventually(
      async () => at.stack.upstream.asked,
      (asked) => asked.includes('throttled/all 200'),
    );
    at.stack.database.mode = 'up';
    expect(await at.api.shownFrom('throttled', due)).toMatchObject({
      status: 'healthy',
      consecutive_failures: 0,
      record_count: 2,
      processor: { last_job_outcome: 'success' },
    });
    expect((await at.api.ask('/v1/records?adapter_id=throttled')).body.data).toHaveLength(2);
  });

  test('a message that makes no sense ends in the dead letters, and those beside it are done', async () => {
    at.stack.upstream.answers.set('beside-poison/all', { records: { a: 'A' } });
    await at.stack.send('{"adapter_id": 7');
    expect(await at.api.poll('beside-poison')).toMatchObject({ status: 'healthy', consecutive_failures: 0 });
    expect(await eventually(at.stack.deadLetters, (count) => count > 0)).toBe(1);
  });

  test('a tick of the dispatcher has a feed polled that was never polled', async () => {
    at.stack.upstream.answers.set('ticked/all', { records: { a: 'A' } });
    const now = Date.now();
    await at.stack.store.heartbeat.record(now - MINUTE, totalsOf([], now));
    const tick = await at.stack.functions.named('headgate-local-dispatch-polls')?.invoke({});
    expect(tick).toMatchObject({ kind: 'returned' });
    await eventually(
      () => at.api.healthOf('ticked'),
      ({ status }) => status === 'healthy',
    );
  });
});
