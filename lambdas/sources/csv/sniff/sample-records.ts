import type { Encoding } from '../encoding.ts';
import { fieldText } from '../field-text.ts';
import { newScan, recordScanner } from '../scanner.ts';
import type { UnitWindow } from '../unit-window.ts';
import { CR, type Dialect, LF, unitClasses } from '../units.ts';

/** A record as one dialect reads it. Blank rows are left out. */
export type SampleRecord = {
  /** Physical row from 1, counted from where the sample begins. */
  readonly row: number;
  /** The row after its last one. */
  readonly nextRow: number;
  readonly cells: readonly string[];
  /** Cells that are not blank. */
  readonly filled: number;
  /** Its quotes are not in order. */
  readonly isBroken: boolean;
};

/** All whole records of a window, read from one of its units on. */
export function sampleRecords(
  window: UnitWindow,
  encoding: Encoding,
  dialect: Dialect,
  { from = 0, most = Number.POSITIVE_INFINITY }: { from?: number; most?: number } = {},
): SampleRecord[] {
  const scan = newScan();
  const scanRecord = recordScanner(unitClasses(dialect, encoding), dialect, scan);
  const text = fieldText(scan, window, encoding, dialect);
  const records: SampleRecord[] = [];
  let at = from;
  let row = 1;
  while (at < window.units.length && records.length < most && scanRecord(window.units, at, window.isFinal)) {
    const isBlank = scan.fields === 1 && scan.end === at;
    if (!isBlank) {
      // What can't be decoded is something, and no blank.
      const cells = Array.from({ length: scan.fields }, (_, field) => text.at(field) ?? '\uFFFD');
      const filled = cells.filter((cell) => cell.trim() !== '').length;
      records.push({ row, nextRow: row + scan.rows, cells, filled, isBroken: scan.problem !== undefined });
    }
    at = scan.next;
    row += scan.rows;
  }
  return records;
}

/** Units after a line end: where records may begin in the middle of a file. */
export function* rowStarts(window: UnitWindow, encoding: Encoding, dialect: Dialect): Generator<number> {
  const classes = unitClasses(dialect, encoding);
  for (let at = 0; at < window.units.length; at++) {
    const kind = classes[window.units[at] as number];
    if (kind === LF || (kind === CR && dialect.crEndsRow)) yield at + 1;
  }
}

/** How many cells most records have. Of two such numbers the first record's counts, unless it has a single cell. */
export function usualWidth(records: readonly SampleRecord[]): number {
  const counts = new Map<number, number>();
  for (const { cells } of records) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  const most = Math.max(0, ...counts.values());
  const usual = [...counts].filter(([, count]) => count === most).map(([width]) => width);
  const first = records[0]?.cells.length ?? 0;
  return first > 1 && usual.includes(first) ? first : Math.max(0, ...usual);
}
