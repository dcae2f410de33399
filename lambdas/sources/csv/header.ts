import { RunFailure } from '../../domain/errors.ts';
import { uniqueColumnNames } from './column-names.ts';
import type { Encoding } from './encoding.ts';
import { type FieldText, fieldText } from './field-text.ts';
import type { CsvPosition } from './record-reader.ts';
import { placeOf } from './rejected-row.ts';
import { newScan, recordScanner, type Scan } from './scanner.ts';
import type { UnitWindow } from './unit-window.ts';
import { CR, type Dialect, LF, unitClasses } from './units.ts';

/** As many as a spreadsheet has. */
const MOST_COLUMNS = 16_384;
/** Bytes. */
const LONGEST_HEADER = 256 * 1024;

export type Header = {
  readonly columns: readonly string[];
  readonly notes: readonly string[];
  /** Where the data begins. */
  readonly start: CsvPosition;
};

/**
 * Reads the column names in a window that begins at the file's first row. `headerRow` counts physical rows from 1;
 * 0: there is no header, and the first row tells how many columns there are. No columns: the file has no text at all.
 * Undefined: the header goes on beyond the window.
 */
export function readHeader(
  window: UnitWindow,
  encoding: Encoding,
  dialect: Dialect,
  headerRow: number,
): Header | undefined {
  const { units, isFinal } = window;
  const isBlank = !window.text.includes(dialect.delimiter) && window.text.trim() === '';
  if (isFinal && isBlank) return { columns: [], notes: [], start: { offset: window.offsetOf(units.length), row: 1 } };
  const classes = unitClasses(dialect, encoding);
  const row = Math.max(headerRow, 1);
  const first = startOfRow(window, classes, row);
  if ('rows' in first) {
    if (!isFinal) return undefined;
    throw new RunFailure('failed', `source.options.header_row is ${headerRow}, but the file has ${rowsOf(first.rows)}`);
  }
  const scan = newScan();
  const scanRecord = recordScanner(classes, dialect, scan);
  const found = firstRecord(first.at, row);
  if (found === undefined) return undefined;
  if (headerRow === 0) {
    const columns = Array.from({ length: scan.fields }, (_, index) => `column_${index + 1}`);
    return { columns, notes: [], start: { offset: window.offsetOf(found.at), row: found.row } };
  }
  if (found.row > row) throw blankHeader(row);
  const { columns, notes } = uniqueColumnNames(headerNames(scan, row, fieldText(scan, window, encoding, dialect)));
  if (JSON.stringify(columns).length > LONGEST_HEADER) throw tooLong(row);
  return { columns, notes, start: { offset: window.offsetOf(scan.next), row: row + scan.rows } };

  /** Scans the first record that isn't blank. */
  function firstRecord(from: number, fromRow: number): { at: number; row: number } | undefined {
    let at = from;
    let row = fromRow;
    for (;;) {
      const isComplete = at < units.length && scanRecord(units, at, isFinal);
      const length = ((isComplete ? scan.next : units.length) - at) * encoding.width;
      if (length > LONGEST_HEADER || scan.fields > MOST_COLUMNS) throw tooLong(row);
      if (!isComplete && isFinal) throw blankHeader(headerRow);
      if (!isComplete) return undefined;
      if (scan.fields > 1 || scan.end > at) return { at, row };
      at = scan.next;
      row += scan.rows;
    }
  }
}

function headerNames(scan: Scan, row: number, text: FieldText): string[] {
  const fail = (field: number, why: string) =>
    new RunFailure('failed', `${placeOf(row, [], field)}, in the header: ${why}`);
  if (scan.problem !== undefined) throw fail(scan.problemField, problemText(scan));
  return Array.from({ length: scan.fields }, (_, field) => {
    const name = text.at(field);
    if (name === undefined) throw fail(field, `${text.invalidReason(field)} (is source.options.encoding right?)`);
    return name;
  });
}

function problemText(scan: Scan): string {
  return scan.problem === 'open quote' ? 'the quote is never closed' : 'text after the closing quote';
}

function blankHeader(row: number): RunFailure {
  return new RunFailure('failed', `row ${row}, where the header should be, is blank (source.options.header_row)`);
}

function tooLong(row: number): RunFailure {
  const limit = `${LONGEST_HEADER / 1024} KB or ${MOST_COLUMNS} columns`;
  return new RunFailure('failed', `row ${row}, the header, is longer than ${limit}: is this a CSV file?`);
}

const rowsOf = (count: number) => (count === 1 ? '1 row' : `${count} rows`);

/** The first unit of a physical row; or, when the window has fewer, how many it has. */
function startOfRow(window: UnitWindow, classes: Uint8Array, row: number): { at: number } | { rows: number } {
  const { units } = window;
  let current = 1;
  let at = 0;
  while (current < row && at < units.length) {
    const kind = classes[units[at] as number];
    const isCrLf = kind === CR && at + 1 < units.length && classes[units[at + 1] as number] === LF;
    if (kind === LF || (kind === CR && !isCrLf)) current++;
    at++;
  }
  const isThere = current === row && at < units.length;
  const endsWithBreak = at > 0 && [LF, CR].includes(classes[units[at - 1] as number] as number);
  return isThere ? { at } : { rows: endsWithBreak ? current - 1 : current };
}

/** Whether the rows of a file end with a CR alone, by the majority of what stands outside quotes in its beginning. */
export function endsRowsWithCr(window: UnitWindow, quoteMark: string): boolean {
  const quote = quoteMark.charCodeAt(0);
  const { text } = window;
  let isQuoted = false;
  let crs = 0;
  let lfs = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (code === 0x0a) lfs++;
    else if (code === 0x0d && text.charCodeAt(at + 1) !== 0x0a && at + 1 < text.length) crs++;
  }
  return crs > lfs;
}
