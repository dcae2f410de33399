import { randomUUID } from 'node:crypto';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { totalsOf } from '../../../lambdas/domain/feeds/feed-totals.ts';
import { dynamo } from '../../../lambdas/platform/dynamo.ts';
import { type FeedStore, feedStore } from '../../../lambdas/platform/feeds/feed-store.ts';
import { startFeedsTables } from '../../support/feeds/feeds-tables.ts';
import { testHealth } from '../../support/feeds/test-health.ts';
import { MORNING } from '../../support/manual-clock.ts';

const totals = totalsOf([], MORNING);
let database: Awaited<ReturnType<typeof startFeedsTables>>;
let store: FeedStore;
let id: string;

beforeAll(async () => {
  database = await startFeedsTables();
  store = feedStore(database.feeds);
});
afterAll(() => database.close());
beforeEach(() => {
  id = randomUUID();
});

describe('health', () => {
  test('comes back as it was stored', async () => {
    const health = testHealth({ adapterId: id, revision: 1, lastError: 'ü…', notBefore: MORNING });
    expect(await store.healths.replace(health)).toBe(true);
    expect(await store.healths.get(id)).toEqual(health);
    expect(await store.healths.all()).toContainEqual(health);
  });

  test('is replaced only as the revision it was made from', async () => {
    const first = testHealth({ adapterId: id, revision: 1 });
    const second = testHealth({ adapterId: id, revision: 2, consecutiveFailures: 1 });
    expect(await store.healths.replace(second)).toBe(false);
    expect(await store.healths.replace(first)).toBe(true);
    expect(await store.healths.replace(first)).toBe(false);
    expect(await store.healths.replace(second)).toBe(true);
    expect(await store.healths.replace(second)).toBe(false);
    expect(await store.healths.get(id)).toEqual(second);
  });

  test('of more adapters than fit into a page is read to the end', async () => {
    // A page ends after a megabyte: a thousand and some of the largest there are.
    const largest = { etag: 'e'.repeat(80), digest: 'd'.repeat(16), records: 1, publishedAt: MORNING };
    const many = Array.from({ length: 1500 }, (_, index) =>
      testHealth({ adapterId: `${id}-${index}`, revision: 1, lastError: 'x'.repeat(130), parts: { all: largest } }),
    );
    for (let at = 0; at < many.length; at += 50) await Promise.all(many.slice(at, at + 50).map(store.healths.replace));
    const found = (await store.healths.all()).filter(({ adapterId }) => adapterId.startsWith(id));
    expect(found).toHaveLength(1500);
  }, 30_000);
});

describe('the completed cycle and the heartbeat', () => {
  test('only move forward', async () => {
    for (const cycle of [MORNING + 60_000, MORNING, MORNING + 60_000]) await store.cycles.record(id, cycle);
    expect(await store.cycles.get(id)).toBe(MORNING + 60_000);
    expect((await store.cycles.all()).get(id)).toBe(MORNING + 60_000);
    expect(await store.heartbeat.load()).toBeNull();
    for (const until of [MORNING + 1, MORNING]) await store.heartbeat.record(until, totals);
    expect(await store.heartbeat.load()).toBe(MORNING + 1);
  });
});

test('a heartbeat that is further ahead than clocks differ is taken back', async () => {
  const now = MORNING + 2 * 60_000;
  for (const until of [now, now + 5 * 60_000, now]) await store.heartbeat.record(until, totals);
  expect(await store.heartbeat.load()).toBe(now + 5 * 60_000);
  for (const until of [Date.UTC(2099, 0), now + 6 * 60_000]) await store.heartbeat.record(until, totals);
  expect(await store.heartbeat.load()).toBe(now + 6 * 60_000);
});

test('O-5: the totals of the last tick are kept beside its heartbeat; earlier code kept none', async () => {
  const before = MORNING + 20 * 60_000;
  const Item = { part: 'dispatcher', adapter_id: 'dispatcher', instant: before };
  await dynamo.send(new PutCommand({ TableName: database.feeds, Item }));
  expect(await store.heartbeat.totals()).toBeNull();
  const health = testHealth({ completedPolls: 40, failedPolls: 2 });
  await store.heartbeat.record(before + 60_000, totalsOf([health, health], before));
  expect(await store.heartbeat.totals()).toEqual({
    at: before,
    feeds: 2,
    records: 4,
    completedPolls: 80,
    failedPolls: 4,
    healthBytes: 2 * JSON.stringify(health).length,
  });
  expect(await store.heartbeat.load()).toBe(before + 60_000);
});

test('O-5: health that was stored before polls were counted has counted none', async () => {
  const { adapterId, completedPolls: _, failedPolls: __, ...old } = testHealth({ adapterId: id });
  const Item = { part: 'health', adapter_id: adapterId, ...old };
  await dynamo.send(new PutCommand({ TableName: database.feeds, Item }));
  expect(await store.healths.get(id)).toEqual(testHealth({ adapterId: id, completedPolls: 0, failedPolls: 0 }));
});

describe('M-4: all that is stored of a feed', () => {
  test('tells what is missing, of one feed as of all, and writes nothing', async () => {
    const health = testHealth({ adapterId: id, revision: 1 });
    await store.healths.replace(health);
    await store.cycles.record(`${id}-lost`, MORNING);
    const commands: string[] = [];
    dynamo.middlewareStack.add(
      (next, context) => (input) => {
        commands.push(String(context.commandName));
        return next(input);
      },
      { step: 'initialize', name: 'noting' },
    );
    const all = await store.storedOfAll();
    const expected = [
      [id, { health, completedCycle: null }],
      [`${id}-lost`, { health: null, completedCycle: MORNING }],
    ] as const;
    for (const [adapterId, stored] of expected) {
      expect(await store.stored(adapterId)).toEqual(stored);
      expect(all.get(adapterId)).toEqual(stored);
    }
    expect(await store.stored(`${id}-new`)).toEqual({ health: null, completedCycle: null });
    dynamo.middlewareStack.remove('noting');
    expect(new Set(commands)).toEqual(new Set(['QueryCommand', 'GetItemCommand']));
  });
});
