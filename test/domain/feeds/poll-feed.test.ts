import { describe, expect, test } from '@jest/globals';
import type { FeedRecord } from '../../../lambdas/domain/feeds/feed-record.ts';
import { pollFeed } from '../../../lambdas/domain/feeds/poll-feed.ts';
import { feedWorld } from '../../support/feeds/feed-world.ts';
import { testAdapter } from '../../support/feeds/test-adapter.ts';
import { MORNING } from '../../support/manual-clock.ts';

const INTERVAL = 300_000;
const next = MORNING + INTERVAL;
describe('a poll', () => {
  test('writes each record once, then health, then the cycle', async () => {
    const { poll, calls, store } = feedWorld();
    expect(await poll()).toMatchObject({ outcome: 'success', recordsWritten: 2, code: null });
    expect(calls).toEqual([
      'upstream',
      'records.known',
      'records.put',
      'records.put',
      'healths.replace',
      'cycles.record',
    ]);
    expect(store.kept.get('a')).toMatchObject({
      title: 'A',
      adapterId: 'test-feed',
      updatedAt: MORNING,
      cycle: MORNING,
    });
    expect(await store.cycles.get('test-feed')).toBe(MORNING);
  });

  test('that finds nothing new makes two writes and reads nothing, whether or not upstream says so', async () => {
    const { poll, calls, clock, upstream } = feedWorld();
    await poll();
    await clock.advance(INTERVAL);
    for (const records of [
      { a: 'A', b: 'B' },
      { b: 'B', a: 'A' },
    ]) {
      upstream.published.set('all', { records, publishedAt: clock.now() });
      calls.splice(0);
      await poll();
      expect(calls).toEqual(['upstream', 'healths.replace', 'cycles.record']);
      await clock.advance(INTERVAL);
    }
    calls.splice(0);
    await poll();
    expect(upstream.asked.at(-1)).toBe('all (304)');
    expect(calls).toEqual(['upstream', 'healths.replace', 'cycles.record']);
  });

  test('makes one write more for each record that has changed, and closes those that are gone', async () => {
    const { poll, calls, clock, upstream, store } = feedWorld();
    upstream.published.set('all', { records: { a: 'A', b: 'B', c: 'C' } });
    await poll();
    await clock.advance(INTERVAL);
    upstream.published.set('all', { records: { a: 'A', b: 'changed' } });
    calls.splice(0);
    expect(await poll()).toMatchObject({ recordsWritten: 2 });
    expect(calls).toEqual([
      'upstream',
      'records.known',
      'records.put',
      'records.close',
      'healths.replace',
      'cycles.record',
    ]);
    expect(store.kept.get('a')).toMatchObject({ updatedAt: MORNING });
    expect(store.kept.get('b')).toMatchObject({ title: 'changed', updatedAt: next });
    expect(store.kept.get('c')).toMatchObject({
      status: 'closed',
      updatedAt: next,
      forgottenAt: next + 7 * 86_400_000,
    });
    expect(store.health()?.recordCount).toBe(2);
  });

  test('M-7: tells when it was due, when it began and when it ended, never one before the other', async () => {
    const { poll, clock, upstream, store } = feedWorld();
    upstream.takes = () => clock.sleep(340);
    await clock.advance(1000);
    expect(await poll(MORNING)).toMatchObject({ lagMs: 1000, durationMs: 340 });
    const { startedAt, completedAt, averageLatencyMs } = store.health() ?? {};
    expect([startedAt, completedAt, averageLatencyMs]).toEqual([MORNING + 1000, MORNING + 1340, 340]);
    // A clock that is behind the dispatcher's.
    expect(await poll(clock.now() + 5000)).toMatchObject({ lagMs: 0 });
  });
});

describe('a poll that is delivered', () => {
  test('again changes nothing, and writes the cycle that the first may not have got to', async () => {
    const { poll, store, clock } = feedWorld();
    await poll();
    const before = store.health();
    await store.cycles.record('test-feed', 1);
    await clock.advance(5000);
    expect(await poll(MORNING, { health: null })).toMatchObject({ outcome: 'superseded' });
    expect(store.health()).toEqual(before);
  });

  test('after a later one changes nothing', async () => {
    const { poll, store, upstream, clock } = feedWorld();
    await clock.advance(INTERVAL);
    await poll(next);
    upstream.published.set('all', new Error('not to be asked'));
    expect(await poll(MORNING + 260_000, { health: null })).toMatchObject({ outcome: 'superseded' });
    expect(store.health()).toMatchObject({ cycle: next, consecutiveFailures: 0 });
  });

  test('with health that was overtaken by the poll before it counts on top of that one, without asking again', async () => {
    const { poll, store, upstream, clock } = feedWorld();
    await poll();
    const sent = store.health();
    await clock.advance(INTERVAL);
    upstream.published.set('all', { records: { a: 'A2', b: 'B' } });
    await poll(next);
    await clock.advance(INTERVAL);
    upstream.asked.splice(0);
    upstream.published.set('all', { records: { a: 'A3', b: 'B' } });
    expect(await poll(next + INTERVAL, { health: sent })).toMatchObject({ outcome: 'success' });
    expect(upstream.asked).toEqual(['all']);
    expect(store.health()).toMatchObject({ cycle: next + INTERVAL, revision: 3 });
    expect(store.kept.get('a')?.title).toBe('A3');
  });

  test('with such health, of an upstream that has gone back to what it said then, asks for it again', async () => {
    const { poll, store, upstream, clock } = feedWorld();
    await poll();
    const sent = store.health();
    const first = upstream.published.get('all') ?? 'hangs';
    await clock.advance(INTERVAL);
    upstream.published.set('all', { records: { a: 'A2', b: 'B' } });
    await poll(next);
    await clock.advance(INTERVAL);
    upstream.asked.splice(0);
    upstream.published.set('all', first);
    await poll(next + INTERVAL, { health: sent });
    expect(upstream.asked).toEqual(['all (304)', 'all']);
    expect(store.kept.get('a')?.title).toBe('A');
  });

  test('too late to end before the next is left to that one, and counted as our failure', async () => {
    const { poll, upstream, store, clock } = feedWorld();
    await clock.advance(INTERVAL - 60_000 + 1);
    expect(await poll(MORNING)).toMatchObject({ outcome: 'internal_failure', code: 'INTERNAL_QUEUE_DELAY' });
    expect(upstream.asked).toEqual([]);
    expect(store.health()?.lastError).toBe('the poll came 240 s late out of the queue, and was left to the next');
  });

  test('at the last moment is done', async () => {
    const { poll, clock } = feedWorld();
    await poll();
    await clock.advance(INTERVAL + INTERVAL - 60_000);
    expect(await poll(next)).toMatchObject({ outcome: 'success' });
  });
});

describe('records', () => {
  test('are stamped each as it is written, however long the others take', async () => {
    const { store, upstream, clock, deps } = feedWorld();
    const titles = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`r-${index}`, 'R']));
    upstream.published.set('all', { records: titles });
    const begun: number[] = [];
    const put = async (record: FeedRecord) => {
      begun.push(clock.now());
      await clock.sleep(20_000);
      await store.records.put(record);
    };
    const slowly = { ...deps(), records: { ...store.records, put } };
    await clock.run(pollFeed({ due: MORNING, health: null, redelivered: false }, testAdapter(), slowly));
    expect(new Set(begun).size).toBe(3);
    expect([...store.kept.values()].map(({ updatedAt }) => updatedAt)).toEqual(begun);
  });

  test('that could not all be written in time are written by the next poll', async () => {
    const { poll, store, upstream, clock, deps } = feedWorld();
    const titles = (from: string) => Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`r-${index}`, from]));
    upstream.published.set('all', { records: titles('first') });
    await poll();
    await clock.advance(INTERVAL);
    upstream.published.set('all', { records: titles('second') });
    const { put } = deps().records;
    const slow = async (record: Parameters<typeof put>[0]) => clock.sleep(40_000).then(() => put(record));
    const slowly = { ...deps(), records: { ...store.records, put: slow } };
    const report = await clock.run(
      pollFeed({ due: next, health: store.health(), redelivered: false }, testAdapter(), slowly),
    );
    expect(report).toMatchObject({ outcome: 'internal_failure', code: 'INTERNAL_ERROR' });
    // Upstream has gone back meanwhile: what it said first is not what is stored.
    upstream.published.set('all', { records: titles('first') });
    await clock.advance(INTERVAL);
    await poll();
    expect(new Set([...store.kept.values()].map(({ title }) => title))).toEqual(new Set(['first']));
  });
});

test('no timer is left behind', async () => {
  const { poll, clock } = feedWorld();
  await poll();
  await expect(clock.run(new Promise(() => undefined))).rejects.toThrow('nothing is left that could happen');
});
