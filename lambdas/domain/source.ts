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
  /**
   * What a run finds that comes after one that read to the end: nothing unless the version has changed (files, and by
   * default), everything once more, or what has come since (sources that keep water marks).
   */
  readonly afterEnd?: 'nothing' | 'again' | 'onward';
  /** The source's own settings; JSON, at most 300 KB. */
  readonly details: { readonly [key: string]: JsonValue };
};

/** The values of one record, by column name (files) or path (API records). */
export type Fields = {
  /** Top-level names in the order of the source. */
  readonly names: readonly string[];
  /** `undefined` when the record has no such field; CSV gives text, and `null` for an empty cell or a null word. */
  get(name: string): JsonValue | undefined;
  /**
   * Why a field has no usable value although the record has it, such as `cell B7: #DIV/0!`; `get` then gives what is
   * shown for it. Records whose mapping uses such a field don't fit.
   */
  readonly problemOf?: (name: string) => string | undefined;
};

/**
 * One record as read. `row` counts physical rows from 1, as an editor shows them (API: the item's number).
 * A record that can't be read as its source promises is `rejected`, with a reason for people and the raw text
 * cut to 4 KB.
 */
export type SourceRecord =
  | { readonly row: number; readonly fields: Fields }
  | { readonly row: number; readonly rejected: string; readonly raw: string };

/** How far back and forward a source has been delivered, as its records' own values tell; null: nothing yet. */
export type WaterMarks = {
  readonly phase: 'historical' | 'continuous';
  readonly high: string | null;
  readonly low: string | null;
};

/**
 * Records that may come again, because the source is read again from a little before its mark. Cursor values are told
 * as numbers that grow with them, such as milliseconds.
 */
export type Remembered = {
  /** At most 16 characters each. */
  readonly hashes: readonly string[];
  /** The largest cursor value among them. */
  readonly newest: number;
  /** Records below this cursor value can't come again: what was remembered of them may be forgotten. */
  readonly forgetBelow: number;
};

/** Consecutive records. `from` is where they start (null: the beginning), `to` where the next batch starts. */
export type SourceBatch = {
  readonly from: Position | null;
  readonly to: Position;
  readonly records: readonly SourceRecord[];
  /** The number that the batch is sent under, where it has one; absent: that of the checkpoint it starts from. */
  readonly seq?: number;
  /** Where the marks stand once this batch is delivered; absent: the source keeps none. */
  readonly marks?: WaterMarks;
  /** What has to be known again later, once this batch is committed: of sources whose plan goes `onward`, and no others. */
  readonly remember?: Remembered;
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
  /** Whether a record of this hash was delivered before, in a batch that asked to `remember` it; absent: none was. */
  readonly isRemembered?: (hash: string) => boolean;
};

/**
 * Where data points come from. Same plan and position, same records: whoever reads them, whenever.
 *
 * Both methods throw `RunFailure` for what won't mend itself, `RetryableError` for what may, and `ThrottledError` when
 * the upstream names the time to come back: the slice then ends, so that nobody pays for waiting.
 */
export type Source = {
  /**
   * The first look: does it exist, which version is it, how is it to be read. Costs a few small requests; less where it
   * is still the version of the `pinned` plan, which is then given back as it is.
   */
  prepare(signal: AbortSignal, pinned?: ReadingPlan): Promise<ReadingPlan>;
  /** Batches in order until the source is exhausted; reads from `from` on, never from the beginning. */
  read(request: ReadRequest): AsyncIterable<SourceBatch>;
};
