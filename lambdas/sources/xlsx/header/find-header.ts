import { RunFailure } from '../../../domain/errors.ts';
import { uniqueColumnNames } from '../../csv/column-names.ts';
import { isNumbering } from '../../csv/sniff/sniff-header.ts';
import type { MergedCells } from '../sheet/sheet-rows.ts';
import type { Sample } from './sample.ts';

/** Rows that a header of several rows may have. */
const TALLEST_HEADER = 20;
/** JSON of the names, in bytes. */
const LONGEST_HEADER = 256 * 1024;

export type SheetHeader = {
  /** Empty: the sheet has no values. */
  readonly columns: readonly string[];
  /** The sheet's column that is the first of `columns`, counted from 1. */
  readonly firstColumn: number;
  /** The last row of the header, counted from 1; 0: there is none. */
  readonly headerRow: number;
  /** The first row of data. */
  readonly startRow: number;
  readonly notes: readonly string[];
};

type Span = { readonly first: number; readonly last: number };

/**
 * Finds the names of the columns. `headerRow` counts rows from 1; 0: there is no header; undefined: it is the first row
 * that names what most rows have (`likelyHeader`), if it does not look like the data below it. A header whose cells are merged over several rows has
 * all of them: its names are put together from top to bottom, `Temperature min`. The columns are those in which the
 * header or the sample has a value, and all between them.
 */
export function findHeader(sample: Sample, merges: readonly MergedCells[], headerRow: number | undefined): SheetHeader {
  const { rows } = sample;
  if (rows.size === 0) return { columns: [], firstColumn: 1, headerRow: 0, startRow: 1, notes: [] };
  if (headerRow === 0) return withoutHeader(sample);
  const row = headerRow ?? likelyHeader(sample, merges);
  if (headerRow === undefined && isLikeRowsBelow(row, sample)) {
    return { ...withoutHeader(sample), notes: [`no header: row ${row} has values where the rows below have them`] };
  }
  const block = headerBlock(row, merges);
  const texts = new Map<number, string>();
  for (let line = block.first; line <= block.last; line++) addTexts(texts, mergedRow(sample, merges, line));
  if (texts.size === 0) throw blankHeader(row, sample);
  const columns = spanOf(rows, block.first, texts.keys());
  const names = numbersOf(columns).map((column) => texts.get(column) ?? '');
  const unique = uniqueColumnNames(names);
  if (JSON.stringify(unique.columns).length > LONGEST_HEADER) {
    throw new RunFailure('failed', `row ${row}, the header, is longer than ${LONGEST_HEADER / 1024} KB`);
  }
  const place = block.first === block.last ? `row ${row}` : `rows ${block.first} to ${block.last}, by its merged cells`;
  const isTold = headerRow === undefined ? block.last > 1 : block.first !== block.last;
  return {
    columns: unique.columns,
    firstColumn: columns.first,
    headerRow: block.last,
    startRow: block.last + 1,
    notes: [...(isTold ? [`header in ${place}`] : []), ...unique.notes],
  };
}

/** Whether merged cells may have a part in the header: something near it is blank. */
export function mayBeMerged(sample: Sample, headerRow: number | undefined): boolean {
  const { rows } = sample;
  if (headerRow === 0 || rows.size === 0) return false;
  const row = headerRow ?? likelyHeader(sample, []);
  const { first, last } = spanOf(rows, row, []);
  return [row, row + 1].some((line) => (rows.get(line)?.size ?? 0) < last - first + 1);
}

function withoutHeader({ rows }: Sample): SheetHeader {
  const [startRow = 1] = rows.keys();
  const span = spanOf(rows, 1, []);
  const columns = numbersOf(span).map((_, index) => `column_${index + 1}`);
  return { columns, firstColumn: span.first, headerRow: 0, startRow, notes: [] };
}

/**
 * Titles and notes above a table are not as wide as it is. The header is the first row of text with a value in each
 * column that at least half of the wide rows have one in; the first column may be without a name, as that of an index
 * often is. Where there is no such row, it is the first wide one if that is text, else the first full one.
 */
function likelyHeader(sample: Sample, merges: readonly MergedCells[]): number {
  const rows = [...sample.rows].map(
    ([row, own]) => [row, isTitle(own) ? own : mergedRow(sample, merges, row)] as const,
  );
  const most = Math.max(...rows.map(([, texts]) => texts.size));
  const wide = rows.filter(([, texts]) => texts.size * 2 >= most);
  const counts = new Map<number, number>();
  for (const [, texts] of wide) for (const column of texts.keys()) counts.set(column, (counts.get(column) ?? 0) + 1);
  const used = [...counts].filter(([, count]) => count * 2 >= wide.length).map(([column]) => column);
  const firstColumn = Math.min(...used);
  const full = wide.filter(([, texts]) => used.every((column) => texts.has(column) || column === firstColumn));
  const isText = ([row]: (typeof rows)[number]) => !sample.valueColumns.has(row);
  const chosen = full.find(isText) ?? wide.slice(0, 1).find(isText) ?? full[0] ?? wide[0];
  return chosen?.[0] ?? 1;
}

/** One value stays one, over however many columns its cell is merged. */
const isTitle = (own: ReadonlyMap<number, string>) => own.size === 1;

/**
 * Whether a row has numbers, dates or booleans in just the columns in which the rows below have them; years and
 * running numbers may well be names.
 */
function isLikeRowsBelow(row: number, { rows, valueColumns }: Sample): boolean {
  const own = valueColumns.get(row);
  const below = [...rows].filter(([line]) => line > row);
  if (own === undefined || below.length < 2) return false;
  const typed = [...new Set(below.flatMap(([line]) => [...(valueColumns.get(line) ?? [])]))].filter((column) => {
    const filled = below.filter(([, texts]) => texts.has(column));
    return filled.length > 1 && filled.every(([line]) => valueColumns.get(line)?.has(column));
  });
  if (typed.length === 0 || !typed.every((column) => own.has(column))) return false;
  return !isNumbering(typed.map((column) => Number(rows.get(row)?.get(column))));
}

/** The header's row with those that merged cells tie to it. */
function headerBlock(row: number, merges: readonly MergedCells[]): Span {
  const tall = merges.filter(({ top, bottom }) => bottom > top && bottom - top < TALLEST_HEADER);
  let block: Span = { first: row, last: row };
  for (;;) {
    const touching = tall.filter(({ top, bottom }) => top <= block.last && bottom >= block.first);
    const first = Math.min(block.first, ...touching.map(({ top }) => top));
    const last = Math.max(block.last, ...touching.map(({ bottom }) => bottom));
    const isSettled = first === block.first && last === block.last;
    if (isSettled || last - first >= TALLEST_HEADER) return block;
    block = { first, last };
  }
}

/** A row's texts, those of merged cells in each of the cells that they cover. */
function mergedRow({ rows }: Sample, merges: readonly MergedCells[], row: number): Map<number, string> {
  const texts = new Map(rows.get(row));
  for (const { top, bottom, left, right } of merges) {
    const text = row >= top && row <= bottom ? rows.get(top)?.get(left) : undefined;
    if (text === undefined) continue;
    for (let column = left; column <= right; column++) texts.set(column, text);
  }
  return texts;
}

/** Puts another line under the names; what is merged over both lines is there once. */
function addTexts(names: Map<number, string>, line: ReadonlyMap<number, string>): void {
  for (const [column, text] of line) {
    const above = names.get(column);
    const isSame = above === text || above?.endsWith(` ${text}`);
    if (!isSame) names.set(column, above === undefined ? text : `${above} ${text}`);
  }
}

/** From the first to the last column with a value, in the rows from `fromRow` on and among `more`. */
function spanOf(rows: Sample['rows'], fromRow: number, more: Iterable<number>): Span {
  let first = Number.POSITIVE_INFINITY;
  let last = 0;
  const take = (column: number) => {
    first = Math.min(first, column);
    last = Math.max(last, column);
  };
  for (const column of more) take(column);
  for (const [row, texts] of rows) {
    if (row >= fromRow) for (const column of texts.keys()) take(column);
  }
  return { first, last };
}

const numbersOf = ({ first, last }: Span) => Array.from({ length: last - first + 1 }, (_, index) => first + index);

function blankHeader(row: number, { lastRow }: Sample): RunFailure {
  const why =
    row > lastRow
      ? `source.options.header_row is ${row}, but the sheet has ${lastRow === 1 ? '1 row' : `${lastRow} rows`}`
      : `row ${row}, where the header should be, is blank (source.options.header_row)`;
  return new RunFailure('failed', why);
}
