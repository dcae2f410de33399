import type { Position, SourceBatch, SourceRecord } from '../../domain/source.ts';
import type { CsvPosition, PlacedRecord } from './record-reader.ts';

/** A batch ends once it has taken this much of the file, in bytes, so that its memory is bounded. */
export const MOST_BYTES = 4 * 1024 * 1024;

export type Batcher = {
  /** Answers the batch that the record completes. */
  add(placed: PlacedRecord): SourceBatch | undefined;
  /** The last, smaller batch, if there is one. */
  rest(): SourceBatch | undefined;
};

/** A batch ends with the record that reaches either limit. */
export type BatchLimits = { readonly records: number; readonly bytes: number };

/** Cuts records into batches. Where they end depends on their start and the limits only, never on how bytes came in. */
export function batcher(from: Position | null, start: CsvPosition, limits: BatchLimits): Batcher {
  let batchFrom = from;
  let startOffset = start.offset;
  let end = start;
  let records: SourceRecord[] = [];

  function cut(): SourceBatch {
    const batch = { from: batchFrom, to: end, records };
    batchFrom = end;
    startOffset = end.offset;
    records = [];
    return batch;
  }

  return {
    add(placed) {
      records.push(placed.record);
      end = placed.end;
      return records.length >= limits.records || end.offset - startOffset >= limits.bytes ? cut() : undefined;
    },
    rest: () => (records.length > 0 ? cut() : undefined),
  };
}
