import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { InvalidRequestError } from '../../../lambdas/domain/errors.ts';
import type { KeptRow } from '../../../lambdas/domain/run/quarantine.ts';
import type { Run } from '../../../lambdas/domain/run/run-state.ts';
import { type WrapperStore, wrapperStore } from '../../../lambdas/platform/wrappers/wrapper-store.ts';
import { answerBytes } from '../../support/answer-bytes.ts';
import { executingState } from '../../support/executing-state.ts';
import { startWrappersTable } from '../../support/wrappers-table.ts';

let database: Awaited<ReturnType<typeof startWrappersTable>>;
let store: WrapperStore;
let id: string;

beforeAll(async () => {
  database = await startWrappersTable();
  store = wrapperStore(database.table);
});
afterAll(() => database.close());
beforeEach(() => {
  id = randomUUID();
});

const kept = (seq: number, ...rows: number[]): KeptRow[] =>
  rows.map((row) => ({ row, rejected: `row ${row}`, raw: '{}', rest: '', seq, plan: 1 }));
const none = async () => false;

/** All rows of run 1, which has committed the batches before `lastSeq`, page by page. */
async function listed(lastSeq: number, limit: number, gone: (row: KeptRow) => Promise<boolean> = none) {
  const pages: number[][] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await store.quarantine.list(id, { epoch: 1, lastSeq }, { limit, cursor }, gone);
    pages.push(page.items.map(({ row }) => row));
    if (page.nextCursor === null) return pages;
    cursor = page.nextCursor;
  }
}

describe('quarantined rows', () => {
  test('written twice are there once', async () => {
    const { run, checkpoint } = executingState();
    const row = { row: 1, rejected: 'why', raw: 'x', rest: '', problems: [['', 'odd']] as [string, string][] };
    for (const _ of [1, 2]) await store.history.putQuarantined(id, { ...(run as Run), epoch: 1 }, checkpoint, [row]);
    const { items } = await store.quarantine.list(id, { epoch: 1, lastSeq: 99 }, { limit: 9 }, none);
    expect(items).toEqual([{ ...row, seq: checkpoint.seq, plan: checkpoint.plan }]);
  });

  test('are those of batches that the run has committed, in the order of the source', async () => {
    await store.quarantine.put(id, 1, [...kept(0, 10, 9, 100), ...kept(1, 200), ...kept(2, 300)]);
    await store.quarantine.put(id, 2, kept(0, 1));
    expect((await listed(2, 1000)).flat()).toEqual([9, 10, 100, 200]);
    expect(await listed(0, 1000)).toEqual([[]]);
  });

  test('fill the pages of a list also where some of them are gone, or not committed', async () => {
    await store.quarantine.put(id, 1, [...kept(0, 1, 2, 3, 4, 5, 6), ...kept(1, 7, 8, 9), ...kept(2, 10, 11)]);
    const gone = async ({ row }: KeptRow) => row > 1 && row < 6;
    const pages = await listed(2, 2, gone);
    expect(pages.flat()).toEqual([1, 6, 7, 8, 9]);
    expect(pages.slice(0, 2)).toEqual([
      [1, 6],
      [7, 8],
    ]);
  });

  test('are read from a batch on, and removed one by one', async () => {
    await store.quarantine.put(id, 1, [...kept(0, 1), ...kept(1, 2, 3), ...kept(5, 4)]);
    await store.quarantine.remove(id, 1, kept(1, 2));
    const rows = await Array.fromAsync(store.quarantine.rows(id, { epoch: 1, lastSeq: 6 }, 1));
    expect(rows.map(({ row }) => row)).toEqual([3, 4]);
  });

  test('may be more, and larger, than one request or answer of the store holds', async () => {
    const rows = kept(0, ...Array.from({ length: 60 }, (_, row) => row)).map((row) => ({
      ...row,
      rest: 'x'.repeat(60_000),
    }));
    await store.quarantine.put(id, 1, rows);
    expect((await listed(1, 1000)).flat()).toHaveLength(60);
    expect(await Array.fromAsync(store.quarantine.rows(id, { epoch: 1, lastSeq: 1 }, 0))).toHaveLength(60);
  });

  test('come in pages that one answer of a function holds', async () => {
    const raw = '"'.repeat(4_000);
    await store.quarantine.put(
      id,
      1,
      kept(0, ...Array.from({ length: 600 }, (_, row) => row)).map((row) => ({ ...row, raw })),
    );
    const { items, nextCursor } = await store.quarantine.list(id, { epoch: 1, lastSeq: 1 }, { limit: 1000 }, none);
    expect(answerBytes(items.map(({ row, raw, rejected }) => ({ row, raw, rejected })))).toBeLessThan(5_000_000);
    expect(nextCursor).not.toBeNull();
    expect((await listed(1, 1000)).flat()).toEqual(Array.from({ length: 600 }, (_, row) => row));
  });

  test('are not listed from a cursor of another run, and end with one from behind them', async () => {
    await store.quarantine.put(id, 1, kept(0, 1));
    const cursor = (key: string) => Buffer.from(key).toString('base64url');
    const list = (key: string) =>
      store.quarantine.list(id, { epoch: 1, lastSeq: 1 }, { limit: 1, cursor: cursor(key) }, none);
    await expect(list('quarantine#000000000002#000000000000#1')).rejects.toThrow(InvalidRequestError);
    expect(await list('quarantine#000000000001#zzz')).toEqual({ items: [], nextCursor: null });
  });
});
