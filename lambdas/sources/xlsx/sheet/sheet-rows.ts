import { limits } from '../limits.ts';
import { unreadableFile } from '../unreadable-file.ts';
import { type Attributes, readAllXml, readXml, type XmlHandlers } from '../xml/read-xml.ts';
import type { ZipArchive } from '../zip/zip-archive.ts';
import { cellReader, type RawCell } from './cell-reader.ts';
import { columnOf } from './cell-reference.ts';

export type RawRow = {
  /** Counted from 1. */
  readonly row: number;
  /** In the order of the file, which is that of the columns in all but odd files. */
  readonly cells: readonly RawCell[];
  /** It has more text than a row may have, and what is more was dropped. */
  readonly isTooLong: boolean;
};

export type MergedCells = {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
};

/**
 * The rows of a sheet from row `from` on, as many at a time as a piece of the file has. Rows before are passed over.
 * Rows without a cell may be missing.
 */
export async function* readRows(archive: ZipArchive, part: string, from = 1): AsyncGenerator<readonly RawRow[]> {
  const { handlers, taken } = rowCollector(part, from);
  for await (const _ of readXml(part, archive.read(part), handlers)) {
    const rows = taken();
    if (rows.length > 0) yield rows;
  }
}

/** No header reaches further down. */
const LAST_HEADER_ROW = 1_100;
/** Cells that merged ones cover: far more than headers have, and little enough to go through them all. */
const MOST_COVERED = 1_000_000;

/** Merged cells near a header; they stand behind all rows in the file, which is read to its end for them. */
export async function readMergedCells(archive: ZipArchive, part: string): Promise<MergedCells[]> {
  const merges: MergedCells[] = [];
  let covered = 0;
  await readAllXml(part, archive.read(part), {
    open(element, { ref }) {
      const merge = element === 'mergeCell' ? mergeOf(ref ?? '') : undefined;
      if (merge === undefined || merge.top > LAST_HEADER_ROW) return;
      const height = Math.min(merge.bottom, LAST_HEADER_ROW) - merge.top + 1;
      covered += height * (merge.right - merge.left + 1);
      if (covered <= MOST_COVERED) merges.push(merge);
    },
  });
  return merges;
}

function mergeOf(range: string): MergedCells | undefined {
  const [, first = '', top, last = '', bottom] = /^([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})$/i.exec(range) ?? [];
  const merge = { top: Number(top), bottom: Number(bottom), left: columnOf(first), right: columnOf(last) };
  return merge.bottom >= merge.top && merge.right >= merge.left ? merge : undefined;
}

function rowCollector(part: string, from: number) {
  const cell = cellReader(part);
  let rows: RawRow[] = [];
  let row = 0;
  let cells: RawCell[] = [];
  let textLength = 0;
  let isSkipped = false;

  function openRow({ r }: Attributes): void {
    const number = r === undefined ? row + 1 : Number(r);
    if (!Number.isInteger(number) || number <= row || number > limits.rows) {
      throw unreadableFile(`${part} has "${r}" as the number of the row after row ${row}`);
    }
    row = number;
    isSkipped = row < from;
    textLength = 0;
    cells = [];
    cell.startRow(row);
  }

  const handlers: XmlHandlers = {
    open(element, attributes) {
      if (element === 'row') openRow(attributes);
      else if (!isSkipped) cell.open(element, attributes);
    },
    text(piece) {
      if (!cell.isInValue) return;
      textLength += piece.length;
      if (textLength <= limits.rowBytes) cell.text(piece);
    },
    close(element) {
      if (isSkipped) return;
      const read = cell.close(element);
      if (read !== undefined) cells.push(read);
      else if (element === 'row') rows.push({ row, cells, isTooLong: textLength > limits.rowBytes });
    },
  };

  function taken(): readonly RawRow[] {
    const result = rows;
    rows = [];
    return result;
  }

  return { handlers, taken };
}
