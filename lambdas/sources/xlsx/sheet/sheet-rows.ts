import { limits } from '../limits.ts';
import { tooMuch, unreadableFile } from '../unreadable-file.ts';
import { type Attributes, readXml, type XmlHandlers } from '../xml/read-xml.ts';
import type { ZipArchive } from '../zip/zip-archive.ts';
import { columnOf } from './cell-reference.ts';

/** A cell as written; what it means depends on the workbook (`cellValues`). */
export type RawCell = {
  /** Counted from 1. */
  readonly column: number;
  /** `s`, `str`, `inlineStr`, `b`, `e`, `d` or `n`. */
  readonly type: string;
  /** Number of its format. */
  readonly format: number;
  /** Undefined: it has no value at all, only a format or a formula. */
  readonly text: string | undefined;
  readonly hasFormula: boolean;
};

export type RawRow = {
  /** Counted from 1. */
  readonly row: number;
  /** In the order of the file, which is that of the columns in all but odd files. */
  readonly cells: readonly RawCell[];
  /** It has more text than a row may have, and what is more was dropped. */
  readonly isTooLong: boolean;
};

type Merge = { readonly top: number; readonly bottom: number; readonly left: number; readonly right: number };

export type { Merge as MergedCells };

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
export async function readMergedCells(archive: ZipArchive, part: string): Promise<Merge[]> {
  const merges: Merge[] = [];
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
  let rows: RawRow[] = [];
  let row = 0;
  let cells: RawCell[] = [];
  let cellCount = 0;
  let textBytes = 0;
  let isSkipped = false;

  let column = 0;
  let type = 'n';
  let format = 0;
  let text: string | undefined;
  let hasFormula = false;
  let isInCell = false;
  let isInValue = false;
  let isPhonetic = false;

  function openRow({ r }: Attributes): void {
    const number = r === undefined ? row + 1 : Number(r);
    if (!Number.isInteger(number) || number <= row || number > limits.rows) {
      throw unreadableFile(`${part} has "${r}" as the number of the row after row ${row}`);
    }
    row = number;
    isSkipped = row < from;
    column = 0;
    textBytes = 0;
    cells = [];
  }

  function openCell({ r, t = 'n', s }: Attributes): void {
    if (++cellCount > limits.cells) throw tooMuch(`more than ${limits.cells} cells`);
    column = r === undefined ? column + 1 : columnOf(r);
    if (column < 1 || column > limits.columns || cells.length > limits.columns) {
      throw unreadableFile(`${part}, row ${row}: "${r}" is no cell`);
    }
    type = t;
    format = s === undefined ? 0 : Number(s);
    text = undefined;
    hasFormula = false;
    isInCell = true;
  }

  const handlers: XmlHandlers = {
    open(element, attributes) {
      if (element === 'c') {
        if (!isSkipped) openCell(attributes);
      } else if (element === 'row') openRow(attributes);
      else if (!isInCell) return;
      else if (element === 'v' || (element === 't' && !isPhonetic)) {
        isInValue = true;
        text ??= '';
      } else if (element === 'f') hasFormula = true;
      else if (element === 'rPh') isPhonetic = true;
    },
    text(piece) {
      if (!isInValue) return;
      textBytes += piece.length;
      if (textBytes <= limits.rowBytes) text += piece;
    },
    close(element) {
      if (element === 'v' || element === 't') isInValue = false;
      else if (element === 'rPh') isPhonetic = false;
      else if (element === 'c' && isInCell) {
        isInCell = false;
        cells.push({ column, type, format, text, hasFormula });
      } else if (element === 'row' && !isSkipped) rows.push({ row, cells, isTooLong: textBytes > limits.rowBytes });
    },
  };

  function taken(): readonly RawRow[] {
    const result = rows;
    rows = [];
    return result;
  }

  return { handlers, taken };
}
