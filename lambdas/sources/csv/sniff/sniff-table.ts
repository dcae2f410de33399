import { guessNumberStyle } from '../../../domain/infer/number-style.ts';
import type { CsvOptions } from '../config.ts';
import type { Encoding } from '../encoding.ts';
import { type UnitWindow, unitWindow } from '../unit-window.ts';
import type { Dialect } from '../units.ts';
import type { FileSamples } from './file-samples.ts';
import { SAMPLE } from './file-samples.ts';
import type { Finding } from './finding.ts';
import { rowStarts, type SampleRecord, sampleRecords, usualWidth } from './sample-records.ts';
import { sniffFooter } from './sniff-footer.ts';
import { sniffHeaderRow } from './sniff-header.ts';
import { sniffNullWords } from './sniff-null-words.ts';

export type SniffedTable = {
  readonly header_row: Finding<number>;
  readonly skip_footer: Finding<number>;
  readonly null_words: Finding<string[]>;
  /** Undefined: numbers are written as in JSON, or nothing tells otherwise. */
  readonly decimal: Finding<string> | undefined;
  readonly thousands: Finding<string> | undefined;
  /** Rows of data as text, from the beginning and the end of the file. */
  readonly rows: readonly (readonly string[])[];
};

/** Share of the rows of the file's end that must look like its beginning, else they were cut within a quoted cell. */
const ALIGNED = 0.8;
/** Line ends that are tried as beginnings of a row. */
const MOST_STARTS = 50;
/** Rows at the end that may be notes, and so of any width. */
const MOST_NOTES = 10;

/** Finds out what is data and how it is written, once encoding and marks are settled. */
export async function sniffTable(
  window: UnitWindow,
  encoding: Encoding,
  dialect: Dialect,
  samples: FileSamples,
  options: CsvOptions,
): Promise<SniffedTable> {
  const head = sampleRecords(window, encoding, dialect);
  const headerRow = sniffHeaderRow(head);
  const row = options.header_row ?? headerRow.value;
  const below = head.filter((record) => record.row > row);
  const width = head.find((record) => record.row >= row)?.cells.length ?? usualWidth(head);
  const sample = samples.isWhole || options.skip_footer !== undefined ? undefined : await samples.end();
  const end = sample && recordsAtEnd(sample, encoding, dialect, width);
  const last = samples.isWhole ? below : (end ?? []);
  const skipFooter = sniffFooter(last, width);
  const far = sample && sample.offset >= SAMPLE ? last : [];
  const footers = footerRecords(last, options.skip_footer ?? skipFooter.value);
  const rows = [...(samples.isWhole ? [] : below), ...(samples.isWhole ? last : far).slice(0, last.length - footers)]
    .filter(({ cells, isBroken }) => cells.length === width && !isBroken)
    .map(({ cells }) => cells);
  const columns = Array.from({ length: width }, (_, column) => rows.map((cells) => cells[column] ?? ''));
  const style = guessNumberStyle(columns);
  const part = (value: string | undefined) => (style && value !== undefined ? { ...style, value } : undefined);
  return {
    header_row: headerRow,
    skip_footer: skipFooter,
    null_words: sniffNullWords(columns),
    decimal: part(style?.style.decimal),
    thousands: part(style?.style.thousands),
    rows,
  };
}

/** The records of the file's last bytes; undefined when it can't be told where one begins. */
function recordsAtEnd(
  sample: { readonly offset: number; readonly bytes: Uint8Array },
  encoding: Encoding,
  dialect: Dialect,
  width: number,
): readonly SampleRecord[] | undefined {
  const window = unitWindow(encoding, sample.offset);
  window.push(sample.bytes);
  window.finish();
  window.refill(0);
  let tried = 0;
  for (const from of rowStarts(window, encoding, dialect)) {
    const records = sampleRecords(window, encoding, dialect, { from });
    const body = records.slice(0, -MOST_NOTES);
    const fitting = body.filter(({ cells }) => cells.length === width);
    const isBroken = body.some((record) => record.isBroken);
    if (body.length > 0 && !isBroken && fitting.length >= body.length * ALIGNED) return records;
    tried++;
    if (tried === MOST_STARTS) break;
  }
  return undefined;
}

/** How many of the last records so many rows are, as the reader counts them. */
function footerRecords(records: readonly SampleRecord[], rows: number): number {
  let count = 0;
  for (let left = rows; left > 0 && count < records.length; count++) {
    const at = records.length - 1 - count;
    left -= (records[at] as SampleRecord).row - (records[at - 1]?.nextRow ?? 0) + 1;
  }
  return count;
}
