import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { FeedRecord } from '../../../lambdas/domain/feeds/feed-record.ts';
import type { FeedRecords } from '../../../lambdas/domain/feeds/feed-store.ts';
import { dynamo } from '../../../lambdas/platform/dynamo.ts';
import { feedRecords } from '../../../lambdas/platform/feeds/feed-records.ts';
import { type RecordPlace, type RecordQuery, recordPages } from '../../../lambdas/platform/feeds/record-pages.ts';
import { recordView } from '../../../lambdas/platform/views/record-view.ts';
import { answerBytes } from '../../support/answer-bytes.ts';
import { startFeedsTables } from '../../support/feeds/feeds-tables.ts';
import { testRecord } from '../../support/feeds/test-adapter.ts';
import { MORNING } from '../../support/manual-clock.ts';

let database: Awaited<ReturnType<typeof startFeedsTables>>;
let records: FeedRecords;
let page: ReturnType<typeof recordPages>;
let adapterId: string;
let now = MORNING;

beforeAll(async () => {
  database = await startFeedsTables();
  records = feedRecords(database.records);
  page = recordPages(database.records, () => now);
});
afterAll(() => database.close());
beforeEach(() => {
  adapterId = randomUUID();
  now = MORNING;
});

function record(recordId: string, overrides: Partial<FeedRecord> = {}): FeedRecord {
  return {
    ...testRecord(recordId, 'a title'),
    aliases: ['other'],
    adapterId,
    jurisdiction: 'US-CA',
    feedType: 'test-things',
    partId: 'all',
    updatedAt: MORNING,
    digest: 'digest',
    cycle: MORNING,
    forgottenAt: null,
    ...overrides,
  };
}

const closing = (recordId: string, cycle = MORNING) => {
  return { adapterId, recordId, updatedAt: MORNING + 1, cycle, forgottenAt: MORNING + 60_000 };
};

async function put(...ids: readonly string[]): Promise<void> {
  for (const id of ids) await records.put(record(id));
}

/** All pages, as ids. */
async function pages(query: Partial<RecordQuery> = {}): Promise<string[][]> {
  const found: string[][] = [];
  for (let after: RecordPlace | null = null; ; ) {
    const got = await page({ adapters: [adapterId], limit: 2, after, ...query });
    found.push(got.records.map(({ recordId }) => recordId));
    after = got.next;
    if (after === null) return found;
  }
}

describe('a record', () => {
  test('comes back as it was stored, however deep it nests', async () => {
    const deep = JSON.parse(`${'{"a":'.repeat(40)}1.5e-7${'}'.repeat(40)}`);
    const stored = record('deep', { properties: { deep, none: null, text: 'ü…' } });
    await records.put(stored);
    expect((await page({ adapters: [adapterId], limit: 1, after: null })).records).toEqual([stored]);
    const { recordId, partId, digest, status, aliases } = stored;
    expect(await records.known(adapterId)).toEqual([{ recordId, partId, digest, status, aliases }]);
  });

  test('M-9: is not taken back by an earlier poll', async () => {
    await records.put(record('a', { title: 'new', cycle: MORNING }));
    await records.put(record('a', { title: 'old', cycle: MORNING - 1 }));
    await records.close(closing('a', MORNING - 1));
    expect((await page({ adapters: [adapterId], limit: 1, after: null })).records).toMatchObject([{ title: 'new' }]);
  });

  test('that is gone is closed, and back when it is back', async () => {
    await put('a');
    await records.close(closing('a'));
    await records.close(closing('never-there'));
    expect(await records.known(adapterId)).toMatchObject([{ recordId: 'a', status: 'closed' }]);
    await put('a');
    expect((await page({ adapters: [adapterId], limit: 1, after: null })).records).toEqual([record('a')]);
  });
});

describe('a list of records', () => {
  test('goes adapter by adapter, in their order, then by id', async () => {
    const second = adapterId;
    await put('a', 'b');
    adapterId = randomUUID();
    await put('c', 'd', 'e');
    const empty = randomUUID();
    expect(await pages({ adapters: [adapterId, empty, second] })).toEqual([['c', 'd'], ['e', 'a'], ['b']]);
    expect(await pages({ adapters: [] })).toEqual([[]]);
  });

  test('ends with the page that holds the last one', async () => {
    await put('a', 'b', 'c', 'd');
    expect(await pages()).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  test('goes on where it was, whatever came and went meanwhile', async () => {
    await put('b', 'd', 'f');
    const { next } = await page({ adapters: [adapterId], limit: 2, after: null });
    await put('a', 'e');
    await records.close(closing('d'));
    const rest = await page({ adapters: [adapterId], limit: 2, after: next });
    expect(rest.records.map(({ recordId }) => recordId)).toEqual(['e', 'f']);
  });

  test('has no records that have left their feed, unless changes are asked for', async () => {
    await put('a', 'b', 'c');
    await records.close(closing('b'));
    expect(await pages({ limit: 9 })).toEqual([['a', 'c']]);
    expect(await pages({ limit: 9, updatedSince: MORNING })).toEqual([['a', 'b', 'c']]);
    expect(await pages({ limit: 9, updatedSince: MORNING + 1 })).toEqual([['b']]);
    // The store takes its time with what has expired.
    now = MORNING + 60_000;
    expect(await pages({ limit: 9, updatedSince: MORNING + 1 })).toEqual([[]]);
  });

  test('reads changes as they are, and what is there now for half the price', async () => {
    const consistent: unknown[] = [];
    dynamo.middlewareStack.add(
      (next) => (args) => {
        consistent.push((args.input as { ConsistentRead?: boolean }).ConsistentRead);
        return next(args);
      },
      { step: 'initialize', name: 'noting' },
    );
    await pages();
    await pages({ updatedSince: MORNING });
    dynamo.middlewareStack.remove('noting');
    expect(consistent).toEqual([false, true]);
  });

  test('has pages that one answer of a function holds, whatever their records hold', async () => {
    const quotes = { text: '"'.repeat(150_000) };
    const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l'];
    for (const id of ids) await records.put(record(id, { properties: quotes }));
    const found: string[] = [];
    for (let after: RecordPlace | null = null; found.length === 0 || after !== null; ) {
      const got = await page({ adapters: [adapterId], limit: 200, after });
      // The body is text in the function's own answer, of which Lambda hands on 6 MB.
      expect(answerBytes(got.records.map(recordView))).toBeLessThan(5_000_000);
      found.push(...got.records.map(({ recordId }) => recordId));
      after = got.next;
    }
    expect(found).toEqual(ids);
  });

  test('looks at no more than it is worth, and says where to go on', async () => {
    const ids = Array.from({ length: 2_100 }, (_, index) => String(index).padStart(4, '0'));
    for (let at = 0; at < ids.length; at += 50) await Promise.all(ids.slice(at, at + 50).map((id) => put(id)));
    await records.put(record('last', { updatedAt: MORNING + 1 }));
    expect(await pages({ updatedSince: MORNING + 1 })).toEqual([[], ['last']]);
    const adapters = Array.from({ length: 250 }, () => randomUUID());
    expect(await pages({ adapters: [...adapters, adapterId], updatedSince: MORNING + 1 })).toEqual([
      [],
      [],
      [],
      ['last'],
    ]);
  }, 30_000);
});
