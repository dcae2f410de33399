import type { DataPoint } from '../destination.ts';
import { RunFailure, ThrottledError } from '../errors.ts';
import type { MapRecord } from '../mapping/map-record.ts';
import type { ReadingPlan, Source, SourceRecord } from '../source.ts';
import { mapRecords } from './batch.ts';
import type { QuarantinedRow } from './run-store.ts';

export type Reading = {
  readonly source: Source;
  /** Throws `RunFailure` when the mapping does not fit the source. */
  readonly mapRecord: (plan: ReadingPlan) => MapRecord;
};

/** What a run from the beginning would send first. */
export type Preview = {
  /** `json` is exactly what would be sent. */
  readonly points: readonly DataPoint[];
  readonly quarantined: readonly QuarantinedRow[];
  readonly notes: readonly string[];
  /** What the run would fail with after these points; null: nothing that was met so far. */
  readonly error: string | null;
};

/** Rows that don't fit are looked at up to here. */
const MOST_QUARANTINED = 100;
/** Characters of points and rows, so that an answer has room in 6 MB also when all of them take several bytes. */
const MOST_CHARACTERS = 1_000_000;
const LATE = 'cut here: the source gave no more in time';

/**
 * Reads from the beginning until there are so many points, or the signal fires; sends and stores nothing.
 *
 * @throws RunFailure when a run would be refused or its source is unavailable, RetryableError, and what the signal was
 * aborted with before anything was read.
 */
export async function previewPoints(reading: Reading, most: number, signal: AbortSignal): Promise<Preview> {
  const made = { points: [] as DataPoint[], quarantined: [] as QuarantinedRow[], notes: [] as string[] };
  try {
    const plan = await reading.source.prepare(signal);
    made.notes.push(...plan.notes);
    const isCut = await take(reading, plan, most, made, signal);
    if (isCut) made.notes.push(`cut here: the rows after this one take more than ${MOST_CHARACTERS} characters`);
  } catch (error) {
    const isBegun = made.points.length + made.quarantined.length > 0;
    const isLate = signal.aborted || error instanceof ThrottledError;
    if (isBegun && isLate) return { ...made, notes: [...made.notes, LATE], error: null };
    // Behind the first records a run fails with it, whatever its kind.
    if (error instanceof RunFailure && (error.kind === 'failed' || isBegun)) return { ...made, error: error.message };
    throw error;
  }
  const isEmpty = made.points.length + made.quarantined.length === 0;
  return { ...made, error: isEmpty ? 'No data rows: the source is empty or has only a header' : null };
}

/** Answers whether there was no room for more. */
async function take(
  { source, mapRecord }: Reading,
  plan: ReadingPlan,
  most: number,
  made: { readonly points: DataPoint[]; readonly quarantined: QuarantinedRow[] },
  signal: AbortSignal,
): Promise<boolean> {
  const map = mapRecord(plan);
  let characters = 0;
  for await (const record of records(source, plan, signal)) {
    const { points, quarantined } = mapRecords([record], map);
    characters += [...points.map(({ json }) => json), ...quarantined.map(({ raw }) => raw)].join('').length;
    if (characters > MOST_CHARACTERS && made.points.length + made.quarantined.length > 0) return true;
    made.points.push(...points);
    made.quarantined.push(...quarantined);
    if (made.points.length >= most || made.quarantined.length >= MOST_QUARANTINED) break;
  }
  return false;
}

/** One by one: what is in a batch that is never completed could not be shown. */
async function* records(source: Source, plan: ReadingPlan, signal: AbortSignal): AsyncGenerator<SourceRecord> {
  for await (const batch of source.read({ plan, from: null, batchSize: 1, signal })) yield* batch.records;
}
