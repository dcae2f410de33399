import type { RemoteFile } from '../../domain/file.ts';
import type { ReadingPlan } from '../../domain/source.ts';
import { readCellFormats } from './book/cell-formats.ts';
import { readWorkbook, type Sheet } from './book/workbook.ts';
import { chooseSheet, sheetNotes } from './choose-sheet.ts';
import type { XlsxSourceConfig } from './config.ts';
import { findHeader, mayBeMerged } from './header/find-header.ts';
import { readSample, type Sample } from './header/sample.ts';
import type { XlsxLayout } from './layout.ts';
import { openBook } from './open-book.ts';
import { type MergedCells, readMergedCells } from './sheet/sheet-rows.ts';
import type { ZipArchive } from './zip/zip-archive.ts';

/** Merged cells stand behind the rows, and larger sheets are not read to their end at the first look. */
const LARGEST_FOR_MERGES = 32 * 1024 * 1024;

/** The first look at an XLSX file: its sheet and the names of its columns. Reads its directory and beginnings only. */
export async function prepareXlsx(
  config: XlsxSourceConfig,
  file: RemoteFile,
  signal: AbortSignal,
): Promise<ReadingPlan> {
  const options = config.options ?? {};
  const facts = await file.stat(signal);
  const archive = await openBook(file, facts, signal);
  const book = await readWorkbook(archive);
  const sheet = chooseSheet(book.sheets, options.sheet);
  const formats = await readCellFormats(archive, book.styles);
  const sample = await readSample(archive, { ...book, formats, part: sheet.part }, options.header_row ?? 0);
  const merges = await headerMerges(archive, sheet, sample, options.header_row);
  const header = findHeader(sample, merges.cells, options.header_row);
  const layout: XlsxLayout = {
    size: facts.size,
    is_sequential: facts.isSequential ?? false,
    sheet: sheet.name,
    part: sheet.part,
    strings: book.strings ?? null,
    styles: book.styles ?? null,
    date1904: book.date1904,
    columns: [...header.columns],
    first_column: header.firstColumn,
    header_row: header.headerRow,
    start_row: header.startRow,
    skip_footer: options.skip_footer ?? 0,
    null_words: options.null_words ?? [],
  };
  const notes = [...sheetNotes(book.sheets, sheet, options.sheet), ...merges.notes, ...header.notes];
  return { version: facts.version, notes, details: layout };
}

async function headerMerges(
  archive: ZipArchive,
  sheet: Sheet,
  sample: Sample,
  headerRow: number | undefined,
): Promise<{ readonly cells: readonly MergedCells[]; readonly notes: readonly string[] }> {
  if (!mayBeMerged(sample, headerRow)) return { cells: [], notes: [] };
  if (archive.sizeOf(sheet.part) > LARGEST_FOR_MERGES) {
    return { cells: [], notes: ['merged cells in the header are not looked for: the sheet is larger than 32 MiB'] };
  }
  return { cells: await readMergedCells(archive, sheet.part), notes: [] };
}
