import { exactNumber, type JsonValue, LONGEST_NUMBER } from '../../../domain/json.ts';
import type { CellFormats } from '../book/cell-formats.ts';
import { serialDate } from '../book/serial-date.ts';
import type { StringTable } from '../book/string-table.ts';
import { unescaped } from '../book/unescaped.ts';
import type { RawCell } from './cell-reader.ts';

/** A value, or why the cell has none that can be used. */
export type CellValue = { readonly value: JsonValue } | { readonly problem: string; readonly text: string };

export type CellValues = {
  of(cell: RawCell): CellValue;
  /** About how many bytes its text has. */
  bytesOf(cell: RawCell): number;
};

type Book = { readonly strings: StringTable; readonly formats: CellFormats; readonly date1904: boolean };

const NOTHING: CellValue = { value: null };
/** As programs write them that don't compute; opened in a spreadsheet and saved again, the file has the values. */
const UNSAVED: CellValue = { problem: 'the value of its formula was not saved in the file', text: '(formula)' };
const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * What cells mean: text, numbers, booleans, dates as ISO text; formulas are their saved value. Blank is null. Words in
 * `nullWords` are null too, compared after trimming.
 */
export function cellValues({ strings, formats, date1904 }: Book, nullWords: readonly string[]): CellValues {
  const nulls = new Set(nullWords.map((word) => word.trim()));
  const isNull = (text: string) => text === '' || (nulls.size > 0 && nulls.has(text.trim()));
  const textValue = (text: string): CellValue => (isNull(text) ? NOTHING : { value: text });

  function shared(text: string): CellValue {
    const index = Number(text);
    if (strings.bytesOf(index) !== undefined) return textValue(strings.textOf(index));
    return { problem: `there is no shared string ${text}`, text };
  }

  function numeric(text: string, format: number): CellValue {
    if (isNull(text)) return NOTHING;
    if (text.length > LONGEST_NUMBER) return { problem: `a number has more than ${LONGEST_NUMBER} characters`, text };
    if (!number.test(text)) return { problem: `"${text}" is not a number`, text };
    const kind = formats[format];
    if (kind === undefined) return numberValue(text);
    const date = serialDate(Number(text), kind, date1904);
    return date === undefined
      ? { problem: `${text} is formatted as a date, but there is no such date`, text }
      : textValue(date);
  }

  function of({ type, format, text, hasFormula }: RawCell): CellValue {
    // A formula that gives an empty text is saved as one (`str`); a number that is empty was never computed.
    const isUnsaved = hasFormula && (text === undefined || (type === 'n' && text.trim() === ''));
    if (isUnsaved) return UNSAVED;
    if (text === undefined) return NOTHING;
    switch (type) {
      case 's':
        return shared(text);
      case 'n':
        return numeric(text.trim(), format);
      case 'b':
        return { value: text.trim() === '1' || text.trim() === 'true' };
      case 'e':
        return isNull(text) ? NOTHING : { problem: text, text };
      default:
        // `str`, `inlineStr`, and `d`, which is ISO text already.
        return textValue(unescaped(text));
    }
  }

  return {
    of,
    bytesOf: ({ type, text = '' }) => (type === 's' ? (strings.bytesOf(Number(text)) ?? 0) : text.length),
  };
}

/** What a cell looks like, also one without a usable value. */
export function shownText(value: CellValue): string {
  const content = contentOf(value);
  return typeof content === 'string' ? content : content === null ? '' : JSON.stringify(content);
}

/** The value, or what is shown in place of one. */
export function contentOf(value: CellValue): JsonValue {
  return 'problem' in value ? value.text : value.value;
}

/**
 * Spreadsheets compute in doubles and write up to 17 digits of them: `0.10000000000000001` is 0.1. Longer numbers, and
 * integers that a double can't hold, were written by other programs and keep their digits.
 */
function numberValue(text: string): CellValue {
  const value = Number(text);
  const digits = text.replace(/e.*$/i, '').replace(/\D/g, '').replace(/^0+/, '').length;
  const isDouble = digits <= 15 || (digits <= 17 && !/^[+-]?\d+$/.test(text));
  const isHeld = isDouble && Number.isFinite(value) && !Object.is(value, -0);
  return { value: isHeld ? value : exactNumber(jsonNumber(text)) };
}

/** JSON has no plus sign, no leading zeros, and digits on both sides of the point. */
function jsonNumber(text: string): string {
  const [, sign, whole = '', fraction = '', exponent = ''] = /^([+-]?)(\d*)\.?(\d*)(e.*)?$/i.exec(text) ?? [];
  const digits = whole.replace(/^0+(?=\d)/, '') || '0';
  return `${sign === '-' ? '-' : ''}${digits}${fraction === '' ? '' : `.${fraction}`}${exponent}`;
}
