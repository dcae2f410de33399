import type { JsonValue } from './json.ts';

/** A reading position: opaque to all but the source that made it, at most 1 KB of JSON. */
export type Position = { readonly [key: string]: JsonValue };

/**
 * How one version of a source is to be read, settled at the first look and pinned for the whole lineage,
 * so that a resumed run reads exactly as the run it continues: a redeployed sniffing rule or a replaced
 * file can't shift a row.
 */
export type ReadingPlan = {
  /** Identifies the bytes that are read, for instance a file's ETag. Positions are only valid for one version. */
  readonly version: string;
  /** What people should know of how the source is read, for instance `duplicate header "id" renamed to "id_2"`. */
  readonly notes: readonly string[];
  /** The source's own settings; JSON, at most 300 KB. */
  readonly details: { readonly [key: string]: JsonValue };
};

/** The values of one record, by column name (files) or path (API records). */
export type Fields = {
  /** Top-level names in the order of the source. */
  readonly names: readonly string[];
  /** `undefined` when the record has no such field; CSV gives text, and `null` for an empty cell or a null word. */
  get(name: string): JsonValue | undefined;
};

/**
 * One record as read. `row` counts physical rows from 1, as an editor shows them (API: the item's number).
 * A record that can't be read as its source promises is `rejected`, with a reason for people and the raw text
 * cut to 4 KB.
 */
export type SourceRecord =
  | { readonly row: number; readonly fields: Fields }
  | { readonly row: number; readonly rejected: string; readonly raw: string };

/** Consecutive records. `from` is where they start (null: the beginning), `to` where the next batch starts. */
export type SourceBatch = {
  readonly from: Position | null;
  readonly to: Position;
  readonly records: readonly SourceRecord[];
};

export type ReadRequest = {
  readonly plan: ReadingPlan;
  /** Where to start; null is the beginning. */
  readonly from: Position | null;
  /** Most records in a batch. A source may end a batch earlier, to bound its bytes. */
  readonly batchSize: number;
  /** Read exactly one batch that ends here, whatever `batchSize` says: a batch that may have been sent already. */
  readonly until?: Position;
  readonly signal: AbortSignal;
};

/**
 * Where data points come from. Same plan and position, same records: whoever reads them, whenever.
 *
 * Both methods throw `RunFailure` for what won't mend itself and `RetryableError` for what may.
 */
export type Source = {
  /** The first look: does it exist, which version is it, how is it to be read. Costs a few small requests. */
  prepare(signal: AbortSignal): Promise<ReadingPlan>;
  /** Batches in order until the source is exhausted; reads from `from` on, never from the beginning. */
  read(request: ReadRequest): AsyncIterable<SourceBatch>;
};
