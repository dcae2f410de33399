import { describe, expect, test } from '@jest/globals';
import { RetryableError } from '../../../lambdas/domain/errors.ts';
import { pollFeed } from '../../../lambdas/domain/feeds/poll-feed.ts';
import { UpstreamFault } from '../../../lambdas/domain/feeds/upstream-fault.ts';
import { recordSourcesView } from '../../../lambdas/platform/views/record-sources-view.ts';
import { feedWorld } from '../../support/feeds/feed-world.ts';
import { type TestFeed, testAdapter } from '../../support/feeds/test-adapter.ts';
import { testHealth } from '../../support/feeds/test-health.ts';
import { MORNING } from '../../support/manual-clock.ts';

const INTERVAL = 300_000;
const next = MORNING + INTERVAL;
const http = (status: number, retryAt?: number) =>
  new UpstreamFault(
    'upstream_http_failure',
    `UPSTREAM_HTTP_${status}`,
    `HTTP ${status} from upstream`,
    retryAt === undefined ? {} : { retryAt },
  );

/** A feed of two districts. */
function districts() {
  const world = feedWorld(testAdapter({ partIds: ['d-1', 'd-2'] }));
  world.upstream.published.set('d-1', { records: { a: 'A' } }).set('d-2', { records: { b: 'B', c: 'C' } });
  return world;
}

describe('upstream', () => {
  const faults = [
    ['HTTP 503', http(503), 'upstream_http_failure', 'UPSTREAM_HTTP_503', 'HTTP 503 from upstream'],
    ['no JSON', Buffer.from('<html>Sorry'), 'upstream_parse_failure', 'UPSTREAM_PARSE', 'no JSON from upstream'],
    ['nothing', { records: {} }, 'upstream_empty', 'UPSTREAM_EMPTY', 'no records from upstream, which always has some'],
    [
      'what is days old',
      { records: { a: 'B' }, publishedAt: MORNING - 86_400_000 },
      'upstream_stale',
      'UPSTREAM_STALE',
      'upstream has not been updated since 2026-03-02T10:00:00.000Z',
    ],
    ['no answer', 'hangs', 'upstream_timeout', 'UPSTREAM_TIMEOUT', 'no complete answer from upstream within 60 s'],
    [
      'a record too large',
      { records: { a: 'x'.repeat(300_000) } },
      'upstream_too_large',
      'UPSTREAM_TOO_LARGE',
      'record a is larger than 256 KB',
    ],
    [
      'a record without id',
      { records: { '': 'x' } },
      'upstream_parse_failure',
      'UPSTREAM_PARSE',
      'a record whose id is no text, empty or longer than 1000 bytes',
    ],
  ] as const;

  test.each(faults)(
    'that gives %s fails once, keeps what there was, and is seen to recover',
    async (_name, published, outcome, code, message) => {
      const { poll, clock, upstream, store } = feedWorld();
      await poll();
      const good = upstream.published.get('all') ?? 'hangs';
      const records = new Map(store.kept);
      await clock.advance(INTERVAL);
      upstream.published.set('all', published as typeof good);
      expect(await poll(next)).toMatchObject({ outcome, code });
      expect(store.health()).toMatchObject({
        lastError: message,
        lastErrorCode: code,
        consecutiveFailures: 1,
        recordCount: 2,
        lastSuccess: MORNING,
        cycle: next,
      });
      expect(store.kept).toEqual(records);
      expect(await store.cycles.get('test-feed')).toBe(MORNING);
      upstream.published.set('all', good);
      await clock.advance(INTERVAL);
      await poll();
      expect(store.health()).toMatchObject({ consecutiveFailures: 0, lastError: null, outcome: 'success' });
    },
  );

  test('that is wrong in only one part leaves the other part as it was', async () => {
    const { poll, clock, upstream, store } = districts();
    await poll();
    await clock.advance(INTERVAL);
    upstream.published.set('d-1', http(500)).set('d-2', { records: { b: 'B2' } });
    expect(await poll()).toMatchObject({ outcome: 'partial_success', code: 'UPSTREAM_PARTIAL' });
    expect(store.health()).toMatchObject({
      lastError: '1 of 2 parts failed: d-1: HTTP 500 from upstream',
      consecutiveFailures: 0,
      lastSuccess: next,
      recordCount: 2,
    });
    expect([...store.kept.values()].map(({ recordId, status }) => [recordId, status])).toEqual([
      ['a', 'active'],
      ['b', 'active'],
      ['c', 'closed'],
    ]);
  });

  test('whose rows can not all be told apart closes nothing until they can, and is not called live meanwhile', async () => {
    const { poll, clock, upstream, store } = feedWorld();
    const statuses = () => [...store.kept.values()].map(({ recordId, status }) => [recordId, status]);
    const pollWith = async (feed: TestFeed) => {
      upstream.published.set('all', feed);
      const { outcome } = await poll();
      await clock.advance(INTERVAL);
      return outcome;
    };
    await pollWith({ records: { a: 'A', b: 'B' } });
    const odd = { records: { a: 'A2' }, unreadRows: 1 };
    expect([await pollWith(odd), await pollWith(odd)]).toEqual(['partial_success', 'partial_success']);
    expect(store.health()).toMatchObject({
      lastError: 'all: 1 of 2 rows can not be told apart',
      lastErrorCode: 'UPSTREAM_PARTIAL',
    });
    expect(store.kept.get('a')?.title).toBe('A2');
    expect(statuses()).toEqual([
      ['a', 'active'],
      ['b', 'active'],
    ]);
    // The records that can be read are the same as before: it is the other row that has gone.
    expect(await pollWith({ records: { a: 'A2' } })).toBe('success');
    expect(statuses()).toEqual([
      ['a', 'active'],
      ['b', 'closed'],
    ]);
  });

  test('of which a part was never read is no source to rely on, until it was', async () => {
    const { poll, clock, upstream, store, adapter } = districts();
    const publishedAt = MORNING;
    const isCovered = () => {
      const stored = new Map([[adapter.id, { health: store.health(), completedCycle: clock.now() }]]);
      return recordSourcesView([adapter], stored, clock.now()).query_coverage.covered.length > 0;
    };
    upstream.published.set('d-1', http(500)).set('d-2', { records: { b: 'B' }, publishedAt });
    expect(await poll()).toMatchObject({ outcome: 'partial_success' });
    expect(isCovered()).toBe(false);
    await clock.advance(INTERVAL);
    upstream.published.set('d-1', { records: { a: 'A' }, publishedAt });
    await poll();
    expect(isCovered()).toBe(true);
    // What is known of it stays good for as long as it is fresh.
    await clock.advance(INTERVAL);
    upstream.published.set('d-1', http(500));
    expect(await poll()).toMatchObject({ outcome: 'partial_success' });
    expect(isCovered()).toBe(true);
  });

  test('that says "unchanged" to whoever did not ask for changes is not believed', async () => {
    const { store, clock, deps, adapter } = feedWorld();
    const unchanged = { ...deps(), fetch: async () => ({ kind: 'unchanged' as const }) };
    for (const health of [null, testHealth({ parts: { all: { digest: '', records: 2, publishedAt: MORNING } } })]) {
      store.place(adapter.id, health);
      const due = clock.now() + INTERVAL;
      const report = await clock.run(pollFeed({ due, health, redelivered: false }, adapter, unchanged));
      expect(report).toMatchObject({ outcome: 'upstream_parse_failure' });
    }
  });

  test('that fails in all parts fails as the first of them', async () => {
    const { poll, upstream, store } = districts();
    upstream.published.set('d-1', http(500)).set('d-2', http(429));
    expect(await poll()).toMatchObject({ outcome: 'upstream_http_failure', code: 'UPSTREAM_HTTP_500' });
    expect(store.health()?.lastError).toBe(
      'all parts failed: d-1: HTTP 500 from upstream; d-2: HTTP 429 from upstream',
    );
  });

  test('that no longer has a part has none of its records', async () => {
    const { poll, clock, store, deps, adapter } = districts();
    await poll();
    await clock.advance(INTERVAL);
    const fewer = { ...adapter, parts: () => adapter.parts(undefined).slice(1) };
    await clock.run(pollFeed({ due: next, health: store.health(), redelivered: false }, fewer, deps()));
    expect(store.kept.get('a')?.status).toBe('closed');
    expect(Object.keys(store.health()?.parts ?? {})).toEqual(['d-2']);
  });

  test('that asks to be left alone is, within limits', async () => {
    const { poll, upstream, store } = feedWorld();
    upstream.published.set('all', http(429, MORNING + 6 * 60_000));
    await poll();
    expect(store.health()?.notBefore).toBe(MORNING + 6 * 60_000);
  });
});

describe('a key', () => {
  const keyed = (keys: readonly string[]) => {
    const world = feedWorld(
      testAdapter({
        needsSecret: true,
        parts: (key) => [{ id: 'all', url: `https://feeds.test/${key}`, maxBytes: 1000 }],
      }),
    );
    const asked: boolean[] = [];
    const secret = async (_id: string, options?: { fresh: boolean }) => {
      asked.push(options?.fresh === true);
      const key = keys[asked.length - 1];
      if (key === undefined) throw new RetryableError('no secrets today');
      return key;
    };
    const first = { due: MORNING, health: null, redelivered: false };
    const poll = () => world.clock.run(pollFeed(first, world.adapter, { ...world.deps(), secret }));
    return { ...world, asked, poll };
  };

  test('that upstream refuses is looked up once more', async () => {
    const { poll, asked, upstream } = keyed(['old', 'new']);
    upstream.published.set('old', http(401)).set('new', { records: { a: 'A' } });
    expect(await poll()).toMatchObject({ outcome: 'success' });
    expect(asked).toEqual([false, true]);
  });

  test('that stays refused is a failure of the feed', async () => {
    const { poll, upstream } = keyed(['old', 'old']);
    upstream.published.set('old', http(403));
    expect(await poll()).toMatchObject({ outcome: 'upstream_http_failure', code: 'UPSTREAM_HTTP_403' });
    expect(upstream.asked).toHaveLength(1);
  });

  test('that can not be read is a failure of ours', async () => {
    const { poll, store } = keyed([]);
    expect(await poll()).toMatchObject({ outcome: 'internal_failure', code: 'INTERNAL_SECRET' });
    expect(store.health()?.lastError).toBe('the key of the feed can not be read');
  });

  test.each(['S3cret/1', 's3cret/1', 'S3cret%2F1', 's3cret%2f1', 'S3cret\\/1'])(
    'is in no message, even if upstream quotes it as %s',
    async (quoted) => {
      const { poll, store, upstream } = keyed(['S3cret/1', 'S3cret/1']);
      const retryAt = MORNING + 6 * 60_000;
      const fault = new UpstreamFault('upstream_http_failure', 'UPSTREAM_HTTP_429', `bad key: ${quoted}`, { retryAt });
      upstream.published.set('S3cret/1', fault);
      await poll();
      expect(store.health()).toMatchObject({ lastError: 'bad key: [redacted]', notBefore: retryAt });
    },
  );
});

test('an adapter that has no addresses any more is our failure, and costs no record', async () => {
  const { poll, clock, store, deps, adapter } = feedWorld();
  await poll();
  await clock.advance(INTERVAL);
  const defects: (() => never[])[] = [
    () => [],
    () => {
      throw new TypeError('x is undefined');
    },
  ];
  for (const [index, parts] of defects.entries()) {
    const due = next + index * INTERVAL;
    const nowhere = { ...adapter, parts };
    const report = await clock.run(pollFeed({ due, health: store.health(), redelivered: false }, nowhere, deps()));
    expect(report).toMatchObject({ outcome: 'internal_failure', code: 'INTERNAL_ERROR' });
  }
  expect([...store.kept.values()].map(({ status }) => status)).toEqual(['active', 'active']);
});

test('an adapter that throws what it should not is our failure, and is told to us', async () => {
  const bug = new TypeError('x is undefined');
  const { poll, bugs, store } = feedWorld(
    testAdapter({
      parse: () => {
        throw bug;
      },
    }),
  );
  expect(await poll()).toMatchObject({ outcome: 'internal_failure', code: 'INTERNAL_ERROR' });
  expect(bugs).toEqual([bug]);
  expect(store.health()?.lastError).toBe('the adapter failed with TypeError, which is a defect of ours');
});
