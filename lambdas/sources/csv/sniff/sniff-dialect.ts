import type { CsvOptions } from '../config.ts';
import type { Encoding } from '../encoding.ts';
import { endsRowsWithCr } from '../header.ts';
import type { UnitWindow } from '../unit-window.ts';
import type { Dialect } from '../units.ts';
import type { Finding } from './finding.ts';
import { type SampleRecord, sampleRecords, usualWidth } from './sample-records.ts';

export type SniffedMarks = {
  readonly delimiter: Finding<string>;
  readonly quote: Finding<string>;
  readonly escape: Finding<string>;
};

/** Records that are looked at to compare dialects. */
const MOST_RECORDS = 1000;
const DELIMITERS = [',', ';', '\t', '|'];
/** Share of the rows that must have the same number of cells before another delimiter than the comma is believed. */
const ENOUGH = 0.8;
const CLEARLY = 0.1;

type Reading = {
  readonly marks: Pick<Dialect, 'delimiter' | 'quote' | 'escape'>;
  readonly records: readonly SampleRecord[];
  readonly width: number;
  /** Of the rows from the first to the last that has the usual width, the share that has it too. */
  readonly share: number;
  /** The file's first row has the usual width. */
  readonly isFromFirst: boolean;
  readonly broken: number;
};

/** Finds the marks that were not given, by reading the file's beginning with each and looking which gives a table. */
export function sniffDialect(window: UnitWindow, encoding: Encoding, options: CsvOptions): SniffedMarks {
  const quoteMark = options.quote ?? '"';
  const read = (marks: Partial<Reading['marks']>): Reading => {
    const { delimiter = options.delimiter ?? ',', quote = quoteMark } = marks;
    const all = { delimiter, quote, escape: marks.escape ?? options.escape ?? quote };
    return readingOf(window, encoding, all, options.header_row ?? 1);
  };
  const wanted = options.delimiter === undefined ? DELIMITERS : [options.delimiter];
  const usable = wanted.filter((mark) => mark !== quoteMark && mark !== options.escape);
  const delimiters = (usable.length > 0 ? usable : [',']).map((delimiter) =>
    bestEscape(read({ delimiter }), read, options),
  );
  const best = delimiters.reduce((one, other) => (isBetter(other, one) ? other : one));
  const quoted = bestQuote(best, read, options);
  return {
    delimiter: delimiterFinding(quoted, delimiters[0] as Reading),
    quote: quoteFinding(quoted),
    escape: escapeFinding(quoted),
  };
}

function readingOf(window: UnitWindow, encoding: Encoding, marks: Reading['marks'], headerRow: number): Reading {
  const dialect = { ...marks, crEndsRow: endsRowsWithCr(window, marks.quote) };
  const all = sampleRecords(window, encoding, dialect, { most: MOST_RECORDS });
  const below = all.filter(({ row }) => row >= headerRow);
  const records = below.length > 0 ? below : all;
  const width = usualWidth(records);
  const fits = records.map(({ cells }) => cells.length === width);
  const table = fits.slice(fits.indexOf(true), fits.lastIndexOf(true) + 1);
  return {
    marks,
    records,
    width,
    share: table.length === 0 ? 0 : table.filter(Boolean).length / table.length,
    isFromFirst: fits[0] === true,
    broken: records.filter(({ isBroken }) => isBroken).length,
  };
}

/** The comma stays unless another mark gives a table where it gives none, or a clearly better one. */
function isBetter(other: Reading, one: Reading): boolean {
  if (other.width < 2 || other.share < ENOUGH || (other.width === 2 && !other.isFromFirst)) return false;
  const gain = score(other) - score(one);
  const isFirst = other.isFromFirst || !one.isFromFirst;
  return gain > CLEARLY || (gain > -CLEARLY && isFirst && other.width > one.width);
}

const score = ({ width, share, isFromFirst }: Reading) =>
  width < 2 ? 0 : share + (isFromFirst && share >= ENOUGH ? 0.5 : 0);

type Read = (marks: Partial<Reading['marks']>) => Reading;

/** A backslash before quotes, where reading quotes as doubled ones breaks rows and the backslash does not. */
function bestEscape(one: Reading, read: Read, options: CsvOptions): Reading {
  if (options.escape !== undefined || one.broken === 0) return one;
  const other = read({ ...one.marks, escape: '\\' });
  return other.broken < one.broken && other.share >= one.share ? other : one;
}

/** Single quotes, where there are no double ones and as many cells as rows stand in single ones. */
function bestQuote(one: Reading, read: Read, options: CsvOptions): Reading {
  const cells = one.records.flatMap((record) => record.cells);
  if (options.quote !== undefined || cells.some((cell) => cell.includes('"'))) return one;
  const quoted = cells.filter((cell) => /^'.*'$/s.test(cell)).length;
  if (quoted < Math.max(3, one.records.length)) return one;
  const other = read({ delimiter: one.marks.delimiter, quote: "'", escape: options.escape ?? "'" });
  return other.broken === 0 && other.share >= one.share ? other : one;
}

function delimiterFinding({ marks, width, share, records }: Reading, first: Reading): Finding<string> {
  const rows = `${width} columns in ${Math.round(share * 100)} % of ${records.length} rows`;
  const against = marks.delimiter === ',' ? '' : `; with "," ${first.width} in ${Math.round(first.share * 100)} %`;
  if (width < 2) return { value: marks.delimiter, evidence: 'nothing divides the rows', confidence: 0.6 };
  return {
    value: marks.delimiter,
    evidence: `${rows}${against}`,
    confidence: records.length > 2 ? 0.5 + share / 2.1 : 0.7,
  };
}

function quoteFinding({ marks, records }: Reading): Finding<string> {
  const isDouble = marks.quote === '"';
  const evidence = isDouble
    ? 'no cells in other quotes'
    : `cells in ${marks.quote} in ${records.length} rows, none in "`;
  return { value: marks.quote, evidence, confidence: isDouble ? 0.95 : 0.8 };
}

function escapeFinding({ marks, broken }: Reading): Finding<string> {
  const isDoubled = marks.escape === marks.quote;
  const evidence = isDoubled ? `${broken} rows with quotes out of order` : `\\${marks.quote} within quotes`;
  return { value: marks.escape, evidence, confidence: isDoubled && broken > 0 ? 0.6 : 0.95 };
}
