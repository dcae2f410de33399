import type { CellFormats } from '../book/cell-formats.ts';
import { readSharedStrings } from '../book/shared-strings.ts';
import { limits } from '../limits.ts';
import { cellValues } from '../sheet/cell-values.ts';
import { type RawCell, type RawRow, readRows } from '../sheet/sheet-rows.ts';
import { tooMuch } from '../unreadable-file.ts';
import type { ZipArchive } from '../zip/zip-archive.ts';

/** Rows with values that are looked at, after the header if its row is given. */
const ROWS = 100;
/** Cells that are looked at, so that the widest sheets take no more memory than others. */
const CELLS = 100_000;

/** The first rows of a sheet as text by row and column, both counted from 1; blank cells and blank rows are left out. */
export type Sample = {
  readonly rows: ReadonlyMap<number, ReadonlyMap<number, string>>;
  /** The last row that has any cell, be it blank; 0: there is none. */
  readonly lastRow: number;
};

type SampledBook = {
  readonly part: string;
  readonly strings: string | undefined;
  readonly formats: CellFormats;
  readonly date1904: boolean;
};

/** Reads the beginning of a sheet, and as many of the shared strings as it needs. */
export async function readSample(archive: ZipArchive, book: SampledBook, headerRow: number): Promise<Sample> {
  const raw = await firstRows(archive, book.part, headerRow);
  const shared = raw.flatMap(({ cells }) => cells.filter(isShared).map(({ text }) => Number(text)));
  const needed = shared.reduce((most, index) => Math.max(most, index + 1), 0);
  const strings = await readSharedStrings(archive, book.strings, needed);
  const values = cellValues({ ...book, strings }, []);
  const rows = new Map<number, ReadonlyMap<number, string>>();
  for (const { row, cells, isTooLong } of raw) {
    const bytes = cells.reduce((sum, cell) => sum + values.bytesOf(cell), 0);
    if (isTooLong || bytes > limits.rowBytes) {
      if (row === headerRow) throw tooMuch(`row ${row}, the header, has more than 1 MiB of text`);
      continue;
    }
    const texts = cells.map((cell) => [cell.column, textOf(cell)] as const).filter(([, text]) => text !== '');
    if (texts.length > 0) rows.set(row, new Map(texts));
  }
  return { rows, lastRow: raw.at(-1)?.row ?? 0 };

  function textOf(cell: RawCell): string {
    const value = values.of(cell);
    const content = 'problem' in value ? value.text : value.value;
    return typeof content === 'string' ? content : content === null ? '' : JSON.stringify(content);
  }
}

const isShared = ({ type, text }: RawCell) => type === 's' && text !== undefined;

async function firstRows(archive: ZipArchive, part: string, headerRow: number): Promise<RawRow[]> {
  const found: RawRow[] = [];
  let withValues = 0;
  let cellCount = 0;
  for await (const rows of readRows(archive, part)) {
    for (const row of rows) {
      found.push(row);
      cellCount += row.cells.length;
      if (row.row > headerRow && row.cells.some(({ text }) => text !== undefined)) withValues++;
      if (withValues >= ROWS || (cellCount >= CELLS && row.row > headerRow)) return found;
    }
  }
  return found;
}
