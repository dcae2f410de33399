import type { Position, SourceBatch, SourceRecord } from '../../../domain/source.ts';

/** A batch ends once its records have about this much text, in bytes. */
const MOST_BYTES = 4 * 1024 * 1024;

export type RowBatcher = {
  /** Answers the batch that the record completes. */
  add(record: SourceRecord, bytes: number): SourceBatch | undefined;
  /** The last, smaller batch, if there is one. */
  rest(): SourceBatch | undefined;
};

/** Cuts records into batches. Where they end depends on their start and the limits only. `most`: records in a batch. */
export function rowBatcher(from: Position | null, most: number): RowBatcher {
  const mostBytes = most === Number.POSITIVE_INFINITY ? most : MOST_BYTES;
  let batchFrom = from;
  let records: SourceRecord[] = [];
  let size = 0;

  function cut(): SourceBatch {
    const to = { row: (records.at(-1) as SourceRecord).row + 1 };
    const batch = { from: batchFrom, to, records };
    batchFrom = to;
    records = [];
    size = 0;
    return batch;
  }

  return {
    add(record, bytes) {
      records.push(record);
      size += bytes;
      return records.length >= most || size >= mostBytes ? cut() : undefined;
    },
    rest: () => (records.length > 0 ? cut() : undefined),
  };
}
