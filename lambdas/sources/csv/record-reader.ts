import type { SourceRecord } from '../../domain/source.ts';
import type { Encoding } from './encoding.ts';
import { fieldText } from './field-text.ts';
import { type RecordSkipper, recordSkipper } from './record-skipper.ts';
import { placeOf, RAW_LIMIT, raggedReason, rejectedRow } from './rejected-row.ts';
import { rowFields } from './row-fields.ts';
import { newScan, recordScanner } from './scanner.ts';
import { unitWindow } from './unit-window.ts';
import { type Dialect, unitClasses } from './units.ts';

/** Where a record begins: bytes from the start of the file, and its physical row, counted from 1. */
export type CsvPosition = { readonly offset: number; readonly row: number };

/** `end` is where the next row begins. */
export type PlacedRecord = { readonly record: SourceRecord; readonly end: CsvPosition };

export type RecordReader = {
  /** More bytes of the file. */
  push(chunk: Uint8Array): void;
  /** There are no more bytes. */
  finish(): void;
  /** The next record, blank rows passed over; undefined: bring more, or after `finish` the end. */
  next(): PlacedRecord | undefined;
};

export type ReaderSettings = {
  readonly encoding: Encoding;
  readonly dialect: Dialect;
  readonly columns: readonly string[];
  /** Words that mean "no value", compared after trimming. */
  readonly nullWords: readonly string[];
};

/** Bytes. A longer record is passed over without being kept, so that a lost quote can't fill the memory. */
const LONGEST_RECORD = 1024 * 1024;

export function recordReader(settings: ReaderSettings, start: CsvPosition): RecordReader {
  const { encoding, dialect, columns } = settings;
  const classes = unitClasses(dialect, encoding);
  const scan = newScan();
  const scanRecord = recordScanner(classes, dialect, scan);
  const fieldsOf = rowFields(columns);
  const isNull = nullTest(settings.nullWords);
  const window = unitWindow(encoding, start.offset);
  const text = fieldText(scan, window, encoding, dialect);
  let at = 0;
  let row = start.row;
  /** The units at hand were looked at and hold no whole record. */
  let needsMore = false;
  let skipping: { readonly skipper: RecordSkipper; readonly head: Buffer } | undefined;

  function next(): PlacedRecord | undefined {
    for (;;) {
      const placed = needsMore ? undefined : nextHere();
      if (placed !== undefined) return placed;
      needsMore = !window.refill(at);
      if (needsMore) return undefined;
      at = 0;
    }
  }

  const nextHere = () => (skipping === undefined ? scanNext() : skipOn(skipping));

  function scanNext(): PlacedRecord | undefined {
    while (at < window.units.length && scanRecord(window.units, at, window.isFinal)) {
      const begin = at;
      const beginRow = row;
      at = scan.next;
      row += scan.rows;
      if (scan.fields === 1 && scan.end === begin) continue;
      return { record: recordAt(begin, beginRow), end: { offset: window.offsetOf(at), row } };
    }
    if ((window.units.length - at) * encoding.width <= LONGEST_RECORD) return undefined;
    const head = Buffer.from(window.bytes(at, at + RAW_LIMIT));
    skipping = { skipper: recordSkipper(classes, dialect), head };
    return skipOn(skipping);
  }

  function skipOn({ skipper, head }: NonNullable<typeof skipping>): PlacedRecord | undefined {
    const after = skipper.skip(window.units, at, window.isFinal);
    at = after < 0 ? window.units.length : after;
    if (after < 0) return undefined;
    const beginRow = row;
    row += skipper.rows;
    skipping = undefined;
    const { openedAfter } = skipper;
    const reason = openedAfter === undefined ? tooLong(beginRow) : neverClosed(`row ${beginRow + openedAfter}`);
    return { record: rejectedRow(beginRow, reason, head, encoding), end: { offset: window.offsetOf(at), row } };
  }

  function recordAt(begin: number, beginRow: number): SourceRecord {
    const bytes = () => window.bytes(begin, scan.end);
    const problem = problemOf(begin, beginRow);
    if (problem !== undefined) return rejectedRow(beginRow, problem, bytes(), encoding);
    const values = new Array<string | null>(columns.length);
    for (let field = 0; field < columns.length; field++) {
      const value = text.at(field);
      if (value === undefined) {
        const reason = `${placeOf(beginRow, columns, field)}: ${text.invalidReason(field)}`;
        return rejectedRow(beginRow, reason, bytes(), encoding);
      }
      values[field] = isNull(value) ? null : value;
    }
    return { row: beginRow, fields: fieldsOf(values) };
  }

  function problemOf(begin: number, beginRow: number): string | undefined {
    if (scan.problem === 'open quote') return neverClosed(`row ${beginRow + scan.problemRows}`);
    if ((scan.next - begin) * encoding.width > LONGEST_RECORD) return tooLong(beginRow);
    if (scan.problem === 'stray quote') {
      return `${placeOf(beginRow, columns, scan.problemField)}: text after the closing quote`;
    }
    if (scan.fields !== columns.length) return raggedReason(beginRow, scan.fields, columns.length);
    const isCut = window.isCut && window.isFinal && scan.next === window.units.length;
    return isCut ? `row ${beginRow}: the file ends within a character` : undefined;
  }

  function finish(): void {
    window.finish();
    needsMore = false;
  }

  return { push: window.push, finish, next };
}

const tooLong = (row: number) => `row ${row} is longer than ${LONGEST_RECORD / 1024 / 1024} MiB`;
const neverClosed = (place: string) => `${place}: the quote that opens here is never closed`;

function nullTest(words: readonly string[]): (value: string) => boolean {
  if (words.length === 0) return (value) => value === '';
  const set = new Set(words.map((word) => word.trim()));
  return (value) => value === '' || set.has(value.trim());
}
