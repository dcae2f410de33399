import type { JsonValue } from '../../domain/json.ts';
import type { ReadRequest, SourceBatch } from '../../domain/source.ts';
import { type BatchBuilder, batchBuilder, MOST_PAGES } from './batch-builder.ts';
import type { Increments, Judged } from './increments.ts';
import type { Page, ReadPage } from './page-reader.ts';
import type { Passes } from './passes.ts';
import { type ApiPosition, apiPosition, atFirstPage, isSamePage } from './position.ts';
import { isRecord, recordFields } from './record-fields.ts';
import { NO_OBJECT, rejectedItem } from './rejected-item.ts';

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
  let phase = from?.pass?.phase;
  // What an earlier look has begun is finished first; then comes the look that this reading is for.
  let owesLook = until === undefined && phase === 'continuous' && from?.done !== true;
  let at = from === null ? atFirstPage({ row: 0 }, marks?.passes.first()) : lookAgain(from, marks?.passes);
  while (at.done === undefined && !isReached(at, batch, until)) {
    const start = at;
    phase = start.pass?.phase;
    const page = await pageOr(reading, start, batch);
    if ('error' in page) {
      if (page.before) yield page.before;
      throw page.error;
    }
    const end = yield* batchesWithin(page, start, batch, reading);
    const isNewPhase = end.pass?.phase !== phase && !batch.isEmpty;
    if (until === undefined && (batch.isFull || batch.isLong || isNewPhase)) yield batch.cut(end, phase);
    at = end;
    if (end.done && owesLook) {
      owesLook = false;
      at = lookAgain(end, marks?.passes);
    }
  }
  if (until) yield batch.cut(until, phase);
  // That history is complete is worth a checkpoint of its own.
  else if (!batch.isEmpty || (isPastHistory(at) && !isPastHistory(from))) yield batch.cut(at, phase);
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
  for (let index = start.item; index < last; index++) {
    const judged = judge(items[index] as JsonValue, position, marks?.increments);
    if (judged === 'known') continue;
    position = judged.position;
    batch.add(judged.record, itemSize);
    if (batch.isFull && index < last - 1) yield batch.cut({ ...position, item: index + 1 }, start.pass?.phase);
  }
  if (last < items.length) return { ...position, item: last };
  if (next !== null) return { ...position, page: next, item: 0, seen: start.seen + items.length };
  const following = marks?.passes.after(position);
  return following ? atFirstPage(position, following) : { ...atFirstPage(position, position.pass), done: true };
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
): Promise<Page | { readonly error: unknown; readonly before: SourceBatch | undefined }> {
  try {
    request.signal.throwIfAborted();
    const page = await readPage(at, request.signal);
    request.signal.throwIfAborted();
    return page;
  } catch (error) {
    const isWorthIt = !batch.isEmpty || (marks !== undefined && batch.pages > 0);
    const isKept = until === undefined && !request.signal.aborted && isWorthIt;
    return { error, before: isKept ? batch.cut(at, at.pass?.phase) : undefined };
  }
}

/** Goes on from a position; from one at the end of all there was, looks what has come since. */
function lookAgain(position: ApiPosition, passes: Passes | undefined): ApiPosition {
  if (position.done === undefined || passes === undefined) return position;
  return atFirstPage(position, passes.again(position) ?? passes.first());
}

/** A batch that is read again is over at its end; or, if the upstream has changed so much that there is no such end, at some point. */
function isReached(at: ApiPosition, batch: BatchBuilder, until: ApiPosition | undefined): boolean {
  return until !== undefined && ((isSamePage(at, until) && at.item >= until.item) || batch.pages >= MOST_PAGES);
}

function isPastHistory(position: ApiPosition | null): boolean {
  return position?.pass?.phase === 'continuous';
}
