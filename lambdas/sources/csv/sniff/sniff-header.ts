import type { Finding } from './finding.ts';
import { type SampleRecord, usualWidth } from './sample-records.ts';

/** Rows above a header that are passed over at most. */
const MOST_ABOVE = 50;
/** Records that are compared with what might be a header. */
const MOST_DATA = 200;

/**
 * Finds the row with the names: the first one, but for blank rows and for rows that hold a title or nothing; 0 where
 * the first row is data like those below it. In doubt it is row 1.
 */
export function sniffHeaderRow(records: readonly SampleRecord[]): Finding<number> {
  const width = usualWidth(records);
  const index = records.slice(0, MOST_ABOVE).findIndex((record) => !isAbove(record, width));
  const candidate = records[index];
  const data = records.slice(index + 1, index + 1 + MOST_DATA).filter(({ cells }) => cells.length === width);
  if (candidate === undefined || !isNames(candidate, width, data)) return firstRow(records, width, data);
  const passed = `${index} rows with a title or nothing, then ${candidate.filled} names over ${width} columns`;
  const blank = `${candidate.row - 1} blank rows`;
  if (index > 0) return { value: candidate.row, evidence: passed, confidence: data.length > 2 ? 0.85 : 0.6 };
  if (candidate.row > 1) return { value: candidate.row, evidence: `after ${blank}`, confidence: 0.95 };
  return firstRow(records, width, data);
}

/** A title, a note, or empty cells only; the narrower the table, the less may be in it. */
function isAbove({ cells, filled }: SampleRecord, width: number): boolean {
  if (filled === 0) return true;
  if (cells.length !== width) return filled === 1 && width > 1;
  return width > 2 && filled <= (width > 7 ? 2 : 1);
}

function isNames(record: SampleRecord, width: number, data: readonly SampleRecord[]): boolean {
  const { cells, filled } = record;
  return cells.length === width && filled * 2 >= width && data.length > 0 && !isData(record, data);
}

function firstRow(records: readonly SampleRecord[], width: number, data: readonly SampleRecord[]): Finding<number> {
  const [first] = records;
  if (first === undefined) return { value: 1, evidence: 'nothing else', confidence: 0.5 };
  const isHeaderless = first.cells.length === width && data.length > 1 && isData(first, records.slice(1, MOST_DATA));
  if (isHeaderless) return { value: 0, evidence: 'row 1 has numbers where the rows below have them', confidence: 0.8 };
  const value = first.cells.length === width ? first.row : 1;
  return {
    value,
    evidence: `${first.filled} names over ${width} columns`,
    confidence: first.filled === width ? 0.9 : 0.6,
  };
}

const isNumber = (cell: string | undefined) => /^[+-]?\d+(?:[.,]\d+)*$/.test((cell ?? '').trim());
const isDate = (cell: string | undefined) =>
  /^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ][\d:.Z+-]+)?$/.test((cell ?? '').trim());

/** Whether a row has numbers and dates in all the columns where the rows below have nothing else. */
function isData({ cells }: SampleRecord, below: readonly SampleRecord[]): boolean {
  const columns = cells.map((cell, column) => {
    const values = below.map((record) => record.cells[column]?.trim() ?? '').filter((value) => value !== '');
    const kind = [isDate, isNumber].find((is) => values.length > 1 && values.every(is));
    return { cell, kind };
  });
  const typed = columns.filter(({ kind }) => kind !== undefined);
  if (typed.length === 0 || !typed.every(({ cell, kind }) => kind?.(cell))) return false;
  return !isNumbering(typed.filter(({ kind }) => kind === isNumber).map(({ cell }) => Number(cell)));
}

/** Columns may be named by years, or numbered. */
export function isNumbering(numbers: readonly number[]): boolean {
  if (numbers.length === 0) return false;
  const isRising = numbers.every((number, index) => index === 0 || number === (numbers[index - 1] as number) + 1);
  const areYears = numbers.every((number) => Number.isInteger(number) && number >= 1800 && number <= 2100);
  return areYears || (isRising && (numbers[0] as number) <= 1);
}
