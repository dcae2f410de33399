import type { JsonValue } from '../../domain/json.ts';
import type { Position, ReadRequest, SourceBatch } from '../../domain/source.ts';
import { type BatchBuilder, batchBuilder, MOST_PAGES } from './batch-builder.ts';
import type { Increments, Judged } from './increments.ts';
import type { Page, PageOrDoubt, ReadPage } from './page-reader.ts';
import type { Passes } from './passes.ts';
import { type ApiPosition, apiPosition, atFirstPage, isSamePage, isSameStretch } from './position.ts';
import { isRecord, recordFields } from './record-fields.ts';
import { NO_OBJECT, rejectedItem } from './rejected-item.ts';
import { keptValidator } from './validator.ts';

/** All that one reading needs. */
export type Reading = {
  readonly request: ReadRequest;
  /** `request.until`: the one batch to be read ends here. */
  readonly until: ApiPosition | undefined;
  readonly now: () => number;
  readonly readPage: ReadPage;
  /** For sources that keep water marks. */
  readonly marks?: { readonly passes: Passes; readonly increments: Increments };
};

/** The batches of a source from a position on. */
export async function* readBatches(reading: Reading): AsyncGenerator<SourceBatch> {
  const { request, until, marks } = reading;
  const from = request.from === null ? null : apiPosition(request.from);
  const batchSize = until === undefined ? request.batchSize : Number.POSITIVE_INFINITY;
  const batch = batchBuilder(request.from, batchSize, marks?.increments, reading.now);
  // History, or what an earlier look has begun, is finished first; then comes the look that this reading is for.
  let owesLook = marks !== undefined && from?.done === undefined;
  let at = from === null ? atFirstPage({ row: 0 }, marks?.passes.first()) : lookAgain(from, marks?.passes);
  while (at.done === undefined && !isReached(at, batch, until)) {
    const start = at;
    const page = await pageOr(reading, start, batch);
    if (page === 'first-in-doubt') {
      at = { ...start, page: null, item: start.seen, seen: 0, full: true };
      batch.addPage();
      continue;
    }
    if ('error' in page) {
      if (page.before) yield page.before;
      throw page.error;
    }
    const end = yield* batchesWithin(page, start, batch, reading);
    at = end;
    // A batch stays within its window: one that has grown since at its end must read the same when it is read again.
    const isOver = !batch.isEmpty && (end.done !== undefined || end.pass?.from !== start.pass?.from);
    if (until === undefined && (batch.isFull || batch.isLong || isOver)) yield batch.cut(end);
    if (end.done && owesLook && end.high !== undefined) {
      owesLook = false;
      at = lookAgain(end, marks?.passes);
    }
  }
  if (until) yield batch.cut(until);
  else if (isWorthKeeping(at, batch.from)) yield batch.cut(at);
}

/** Gives the batches that become full within a page; answers the position behind it. */
function* batchesWithin(
  page: Page,
  start: ApiPosition,
  batch: BatchBuilder,
  { until, marks }: Reading,
): Generator<SourceBatch, ApiPosition> {
  const { items, itemSize, next } = page;
  const last = until !== undefined && isSamePage(start, until) ? Math.min(until.item, items.length) : items.length;
  let position = start;
  batch.addPage();
  marks?.increments.beginPage(items.slice(0, start.item));
  for (let index = start.item; index < last; index++) {
    // What has come since at the end of the page must not make a batch longer than it was.
    if (until !== undefined && position.row >= until.row) break;
    const judged = judge(items[index] as JsonValue, position, marks?.increments);
    position = judged.position;
    if (judged.record === undefined) continue;
    batch.add(judged.record, itemSize);
    if (batch.isFull && index < last - 1) yield batch.cut({ ...position, item: index + 1 });
  }
  if (last < items.length) return { ...position, item: last };
  if (next !== null) return { ...position, page: next, item: 0, seen: start.seen + items.length };
  const following = marks?.passes.after(position);
  if (following) return atFirstPage(position, following);
  return { ...atFirstPage(position, position.pass), done: true, ...(marks && page.validator) };
}

function judge(item: JsonValue, position: ApiPosition, increments: Increments | undefined): Judged {
  if (increments !== undefined) return increments.judge(item, position);
  const row = position.row + 1;
  const record = isRecord(item)
    ? { row, fields: recordFields(item) }
    : rejectedItem(row, NO_OBJECT, JSON.stringify(item));
  return { position: { ...position, row }, record };
}

/** The page; or why it could not be had, and the batch that came before it: that much is delivered. */
async function pageOr(
  { readPage, request, until, marks }: Reading,
  at: ApiPosition,
  batch: BatchBuilder,
): Promise<PageOrDoubt | { readonly error: unknown; readonly before: SourceBatch | undefined }> {
  try {
    request.signal.throwIfAborted();
    const page = await readPage(at, request.signal);
    request.signal.throwIfAborted();
    return page;
  } catch (error) {
    const isWorthIt = !batch.isEmpty || (marks !== undefined && batch.pages > 0);
    const isKept = until === undefined && !request.signal.aborted && isWorthIt;
    return { error, before: isKept ? batch.cut(at) : undefined };
  }
}

/** Goes on from a position; from one at the end of all there was, looks what has come since. */
function lookAgain(position: ApiPosition, passes: Passes | undefined): ApiPosition {
  if (position.done === undefined || passes === undefined) return position;
  const pass = passes.again(position) ?? passes.first();
  return { ...atFirstPage(position, pass), ...(isSameStretch(pass, position.pass) && keptValidator(position)) };
}

/** A batch that is read again ends with as many records; or, where the upstream has fewer now, where it ended then. */
function isReached(at: ApiPosition, batch: BatchBuilder, until: ApiPosition | undefined): boolean {
  if (until === undefined) return false;
  return at.row >= until.row || (isSamePage(at, until) && at.item >= until.item) || batch.pages >= MOST_PAGES;
}

/** Without a record: that history is complete, and once per mark, how an answer without news can be told. */
function isWorthKeeping(at: ApiPosition, kept: Position | null): boolean {
  if (at.pass?.phase !== 'continuous' || at.done === undefined) return false;
  const before = kept === null ? undefined : apiPosition(kept);
  if (before?.pass?.phase !== 'continuous') return true;
  return keptValidator(at) !== undefined && !(keptValidator(before) && isSameStretch(at.pass, before.pass));
}
