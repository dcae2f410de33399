import type { Committed, KeptRow, Quarantine } from '../../domain/run/quarantine.ts';
import { pageRoom } from '../api/page-room.ts';
import { encodeCursor } from '../dynamo.ts';
import { deleteAll, itemOf, listBetween, type Page, type PageRequest, putAll } from './items.ts';
import { itemKeys } from './keys.ts';

export type WrapperQuarantine = Quarantine & {
  /** A page of the rows that are not `gone`, in the order of the source. */
  list(
    wrapperId: string,
    run: Committed,
    page: PageRequest,
    gone: (row: KeptRow) => Promise<boolean>,
  ): Promise<Page<KeptRow>>;
};

/** Rows fetched at once where all are wanted; an answer of the store holds 1 MB at most, whatever is asked for. */
const PAGE = 500;

/** Rows that did not fit, one item each. */
export function quarantine(table: string): WrapperQuarantine {
  const page = (wrapperId: string, { epoch, lastSeq }: Committed, from: number, request: PageRequest) =>
    listBetween<KeptRow>(
      table,
      wrapperId,
      { from: itemKeys.quarantineFrom(epoch, from), to: itemKeys.quarantineFrom(epoch, lastSeq) },
      request,
    );

  return {
    async *rows(wrapperId, run, seq) {
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const { items, nextCursor } = await page(wrapperId, run, seq, { limit: PAGE, cursor });
        yield* items;
        cursor = nextCursor;
      }
    },

    put: (wrapperId, epoch, rows) =>
      putAll(
        table,
        rows.map((row) => itemOf(wrapperId, itemKeys.quarantine(epoch, row.seq, row.row), row)),
      ),

    remove: (wrapperId, epoch, rows) =>
      deleteAll(
        table,
        wrapperId,
        rows.map(({ seq, row }) => itemKeys.quarantine(epoch, seq, row)),
      ),

    async list(wrapperId, run, { limit, cursor }, gone) {
      const items: KeptRow[] = [];
      const fits = pageRoom();
      for (let next = cursor; ; ) {
        const found = await page(wrapperId, run, 0, { limit: limit - items.length, cursor: next });
        for (const row of found.items) {
          if (await gone(row)) continue;
          const last = items.at(-1);
          // What is left of a row for its re-drive is not shown.
          if (!fits({ ...row, rest: '' }) && last) return { items, nextCursor: cursorBehind(run.epoch, last) };
          items.push(row);
        }
        if (found.nextCursor === null || items.length >= limit) return { items, nextCursor: found.nextCursor };
        next = found.nextCursor;
      }
    },
  };
}

function cursorBehind(epoch: number, { seq, row }: KeptRow): string | null {
  return encodeCursor(itemKeys.quarantine(epoch, seq, row));
}
