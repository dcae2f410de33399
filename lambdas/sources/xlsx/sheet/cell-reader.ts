import { limits } from '../limits.ts';
import { tooMuch, unreadableFile } from '../unreadable-file.ts';
import type { Attributes } from '../xml/read-xml.ts';
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

/** Puts cells together from what is in them: a value, a formula, or text in pieces. `part` is the sheet's, for messages. */
export function cellReader(part: string, mostCells: number = limits.cells) {
  let row = 0;
  let count = 0;
  let countInRow = 0;
  let column = 0;
  let type = 'n';
  let format = 0;
  let text: string | undefined;
  let hasFormula = false;
  let isInCell = false;
  let isInValue = false;
  let isPhonetic = false;

  function openCell({ r, t = 'n', s }: Attributes): void {
    if (++count > mostCells) throw tooMuch(`more than ${mostCells} cells`);
    if (++countInRow > limits.columns) throw unreadableFile(`${part}, row ${row} has cells more than once`);
    column = r === undefined ? column + 1 : columnOf(r);
    if (column < 1 || column > limits.columns) throw unreadableFile(`${part}, row ${row}: "${r ?? column}" is no cell`);
    type = t;
    format = s === undefined ? 0 : Number(s);
    text = undefined;
    hasFormula = false;
    isInCell = true;
  }

  return {
    /** What is read now is text of the cell. */
    get isInValue() {
      return isInValue;
    },
    startRow(number: number): void {
      row = number;
      column = 0;
      countInRow = 0;
    },
    open(element: string, attributes: Attributes): void {
      if (element === 'c') openCell(attributes);
      else if (!isInCell) return;
      else if (element === 'v' || (element === 't' && !isPhonetic)) {
        isInValue = true;
        text ??= '';
      } else if (element === 'f') hasFormula = true;
      else if (element === 'rPh') isPhonetic = true;
    },
    text(piece: string): void {
      text += piece;
    },
    /** Answers the cell that ends with this element. */
    close(element: string): RawCell | undefined {
      if (element === 'v' || element === 't') isInValue = false;
      else if (element === 'rPh') isPhonetic = false;
      else if (element === 'c' && isInCell) {
        isInCell = false;
        return { column, type, format, text, hasFormula };
      }
      return undefined;
    },
  };
}
