import type { Position, SourceBatch, SourceRecord } from '../../domain/source.ts';
import type { Increments } from './increments.ts';
import type { ApiPosition } from './position.ts';

/** A batch ends once its records took about this much of the answers, in characters. */
const MOST_SIZE = 4 * 1024 * 1024;
/** Pages and milliseconds after which a batch ends although it isn't full, so that it never outlasts its slice. */
export const MOST_PAGES = 50;
const LONGEST_MS = 30_000;

export type BatchBuilder = {
  add(record: SourceRecord, size: number): void;
  addPage(): void;
  /** Where it starts. */
  readonly from: Position | null;
  readonly isFull: boolean;
  /** Time to end it at the end of a page, full or not. */
  readonly isLong: boolean;
  readonly isEmpty: boolean;
  /** Pages read for it so far. */
  readonly pages: number;
  /** The batch that ends here; the next one begins. */
  cut(to: ApiPosition): SourceBatch;
};

export function batchBuilder(
  from: Position | null,
  batchSize: number,
  increments: Increments | undefined,
  now: () => number,
): BatchBuilder {
  let batchFrom = from;
  let records: SourceRecord[] = [];
  let size = 0;
  let pages = 0;
  let began = now();
  return {
    add(record, recordSize) {
      records.push(record);
      size += recordSize;
    },
    addPage() {
      pages++;
    },
    get from() {
      return batchFrom;
    },
    get isFull() {
      return records.length >= batchSize || size >= MOST_SIZE;
    },
    get isLong() {
      return pages >= MOST_PAGES || now() - began >= LONGEST_MS;
    },
    get pages() {
      return pages;
    },
    get isEmpty() {
      return records.length === 0;
    },
    cut(to) {
      const more = increments?.close(to) ?? {};
      const batch = { from: batchFrom, to, records, ...more };
      batchFrom = to;
      records = [];
      size = 0;
      pages = 0;
      began = now();
      return batch;
    },
  };
}
