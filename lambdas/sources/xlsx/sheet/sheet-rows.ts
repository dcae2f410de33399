import { limits } from '../limits.ts';
import { unreadableFile } from '../unreadable-file.ts';
import { type Attributes, readXml, type XmlHandlers } from '../xml/read-xml.ts';
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

/** Merged cells; they stand behind all rows in the file, which is read to its end for them. */
export async function readMergedCells(archive: ZipArchive, part: string): Promise<MergedCells[]> {
  const merges: MergedCells[] = [];
  const handlers: XmlHandlers = {
    open(element, { ref }) {
      if (element !== 'mergeCell') return;
      const [, first = '', top = '', last = '', bottom = ''] = /^([A-Z]+)(\d+):([A-Z]+)(\d+)$/i.exec(ref ?? '') ?? [];
      // Headers have few; what a file has beyond that is of no interest.
      if (first === '' || merges.length >= limits.columns) return;
      merges.push({ top: Number(top), bottom: Number(bottom), left: columnOf(first), right: columnOf(last) });
    },
  };
  for await (const _ of readXml(part, archive.read(part), handlers));
  return merges;
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
