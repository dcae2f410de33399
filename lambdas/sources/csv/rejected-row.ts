import type { SourceRecord } from '../../domain/source.ts';
import type { Encoding } from './encoding.ts';

/** How much of a rejected row is kept, in bytes. */
export const RAW_LIMIT = 4096;

/** A row that can't be read, with the reason and the beginning of what it looks like. */
export function rejectedRow(row: number, reason: string, bytes: Buffer, encoding: Encoding): SourceRecord {
  return { row, rejected: reason, raw: rawText(bytes.subarray(0, RAW_LIMIT), encoding) };
}

function rawText(bytes: Buffer, encoding: Encoding): string {
  const label = encoding.swapped ? 'utf-16le' : encoding.name;
  const text = new TextDecoder(label, { ignoreBOM: true }).decode(bytes);
  // Characters may take more room in UTF-8 than they had in the file.
  const utf8 = new Uint8Array(RAW_LIMIT);
  const { read } = new TextEncoder().encodeInto(text, utf8);
  return text.slice(0, read).replace(/(\r\n|\n|\r)$/, '');
}

/** `row 9, field "name"`, or the field's number where it has no name. */
export function placeOf(row: number, columns: readonly string[], field: number): string {
  const name = columns[field];
  return `row ${row}, ${name === undefined ? `field ${field + 1}` : `field "${name}"`}`;
}

export function raggedReason(row: number, fields: number, columns: number): string {
  const has = fields === 1 ? '1 field' : `${fields} fields`;
  return `row ${row} has ${has}, the header has ${columns}`;
}
