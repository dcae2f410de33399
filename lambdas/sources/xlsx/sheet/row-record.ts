import type { JsonValue } from '../../../domain/json.ts';
import type { Fields, SourceRecord } from '../../../domain/source.ts';
import { RAW_LIMIT } from '../../csv/rejected-row.ts';
import { limits } from '../limits.ts';
import { columnName } from './cell-reference.ts';
import { type CellValues, contentOf, shownText } from './cell-values.ts';
import type { RawRow } from './sheet-rows.ts';

/** What a cell takes besides its text: wide rows take room even when they are blank. */
const CELL_BYTES = 8;

/** A record with about how many bytes it takes in memory. */
export type SizedRecord = { readonly record: SourceRecord; readonly bytes: number };

/**
 * Makes a record of a row; undefined: the row is blank. `firstColumn` is the sheet's column that is the first of
 * `columns`. A value outside of the columns rejects the row, as it would be lost.
 */
export function rowRecords(columns: readonly string[], firstColumn: number, values: CellValues) {
  const index = new Map(columns.map((name, at) => [name, at]));

  function fieldsOf(found: readonly JsonValue[], problems: ReadonlyMap<number, string>): Fields {
    const get = (name: string) => {
      const at = index.get(name);
      return at === undefined ? undefined : found[at];
    };
    if (problems.size === 0) return { names: columns, get };
    return { names: columns, get, problemOf: (name) => problems.get(index.get(name) ?? -1) };
  }

  return function recordOf(raw: RawRow): SizedRecord | undefined {
    const { row, cells } = raw;
    const textBytes = cells.reduce((sum, cell) => sum + values.bytesOf(cell), 0);
    const bytes = textBytes + columns.length * CELL_BYTES;
    if (raw.isTooLong || textBytes > limits.rowBytes) return { record: tooLong(raw, values), bytes: RAW_LIMIT };
    const found = new Array<JsonValue>(columns.length).fill(null);
    const problems = new Map<number, string>();
    let isBlank = true;
    let outside: string | undefined;
    for (const cell of cells) {
      const value = values.of(cell);
      const place = () => `cell ${columnName(cell.column)}${row}`;
      const content = contentOf(value);
      if (content === null) continue;
      isBlank = false;
      const at = cell.column - firstColumn;
      if (at < 0 || at >= columns.length) outside ??= place();
      else found[at] = content;
      if ('problem' in value) problems.set(at, `${place()}: ${value.problem}`);
    }
    if (isBlank) return undefined;
    if (outside === undefined) return { record: { row, fields: fieldsOf(found, problems) }, bytes };
    const rejected = `row ${row}, ${outside} is outside of the columns ${spanOf(firstColumn, columns.length)}`;
    return { record: { row, rejected, raw: rawText(raw, values) }, bytes };
  };
}

function tooLong(raw: RawRow, values: CellValues): SourceRecord {
  const reason = `row ${raw.row} has more than ${limits.rowBytes / 1024 / 1024} MiB of text`;
  return { row: raw.row, rejected: reason, raw: rawText(raw, values) };
}

const spanOf = (first: number, count: number) => `${columnName(first)} to ${columnName(first + count - 1)}`;

/** The beginning of the row as it would look when pasted into an editor. */
function rawText({ cells }: RawRow, values: CellValues): string {
  let text = '';
  for (const cell of cells) {
    if (text.length > RAW_LIMIT) break;
    const value = values.bytesOf(cell) > limits.rowBytes ? { value: '…' } : values.of(cell);
    text += (cell === cells[0] ? '' : '\t') + shownText(value);
  }
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(RAW_LIMIT));
  return text.slice(0, read);
}
