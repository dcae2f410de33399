import type { CellFormats } from '../book/cell-formats.ts';
import { readSharedStrings } from '../book/shared-strings.ts';
import { limits } from '../limits.ts';
import type { RawCell } from '../sheet/cell-reader.ts';
import { cellValues, shownText } from '../sheet/cell-values.ts';
import { type RawRow, readRows } from '../sheet/sheet-rows.ts';
import { tooMuch } from '../unreadable-file.ts';
import type { ZipArchive } from '../zip/zip-archive.ts';

/** Rows with values that are looked at, after the header if its row is given. */
const ROWS = 100;
/** A header of several rows may begin so many rows before the one that is given. */
const ROWS_BEFORE = 20;
/** Cells and bytes of text that are looked at, so that no sheet takes more memory than others. */
const CELLS = 100_000;
const BYTES = 8 * 1024 * 1024;

/** The first rows of a sheet as text by row and column, both counted from 1; blank cells and blank rows are left out. */
export type Sample = {
  readonly rows: ReadonlyMap<number, ReadonlyMap<number, string>>;
  /** By row, the columns whose values are numbers, dates or booleans; rows in which all values are text are left out. */
  readonly valueColumns: ReadonlyMap<number, ReadonlySet<number>>;
  /** The last row that has any cell, be it blank; 0: there is none. */
  readonly lastRow: number;
};

type SampledBook = {
  readonly part: string;
  readonly strings: string | undefined;
  readonly formats: CellFormats;
  readonly date1904: boolean;
};

/** Reads the beginning of a sheet, and as many of the shared strings as it needs. `headerRow` 0: it is not known. */
export async function readSample(archive: ZipArchive, book: SampledBook, headerRow: number): Promise<Sample> {
  const { found, lastRow } = await firstRows(archive, book.part, headerRow);
  const shared = found.flatMap(({ cells }) => cells.filter(isShared).map(({ text }) => Number(text)));
  const needed = shared.reduce((most, index) => Math.max(most, index + 1), 0);
  const strings = await readSharedStrings(archive, book.strings, needed);
  const values = cellValues({ ...book, strings }, []);
  const rows = new Map<number, ReadonlyMap<number, string>>();
  const valueColumns = new Map<number, ReadonlySet<number>>();
  let allBytes = 0;
  for (const { row, cells, isTooLong } of found) {
    const bytes = cells.reduce((sum, cell) => sum + values.bytesOf(cell), 0);
    if (isTooLong || bytes > limits.rowBytes) {
      if (row === headerRow) throw tooMuch(`row ${row}, the header, has more than 1 MiB of text`);
      continue;
    }
    allBytes += bytes;
    if (allBytes > BYTES && row > headerRow) break;
    const texts = cells.map((cell) => [cell.column, shownText(values.of(cell))] as const);
    const known = texts.filter(([, text]) => text !== '');
    if (known.length === 0) continue;
    rows.set(row, new Map(known));
    const noText = cells.filter(({ type }) => !TEXT_TYPES.has(type)).map(({ column }) => column);
    if (noText.length > 0) valueColumns.set(row, new Set(noText));
  }
  return { rows, valueColumns, lastRow };
}

const TEXT_TYPES = new Set(['s', 'str', 'inlineStr']);
const isShared = ({ type, text }: RawCell) => type === 's' && text !== undefined;

async function firstRows(archive: ZipArchive, part: string, headerRow: number) {
  const found: RawRow[] = [];
  let lastRow = 0;
  let rowsAfter = 0;
  let cellCount = 0;
  let bytes = 0;
  for await (const rows of readRows(archive, part)) {
    for (const row of rows) {
      lastRow = row.row;
      const cells = row.cells.filter(({ text, hasFormula }) => text !== undefined || hasFormula);
      if (cells.length === 0 || row.row < headerRow - ROWS_BEFORE) continue;
      found.push({ ...row, cells });
      cellCount += cells.length;
      bytes += cells.reduce((sum, { text }) => sum + (text?.length ?? 0), 0);
      if (row.row > headerRow) rowsAfter++;
      if (row.row > headerRow && (rowsAfter >= ROWS || cellCount >= CELLS || bytes >= BYTES)) return { found, lastRow };
    }
  }
  return { found, lastRow };
}
