import type { Encoding } from './encoding.ts';
import { firstInvalidByte } from './encoding.ts';
import { HAS_ESCAPES, NEEDS_DECODING, type Scan, STRIDE } from './scanner.ts';
import type { UnitWindow } from './unit-window.ts';
import type { Dialect } from './units.ts';

export type FieldText = {
  /** The text of one field of the scanned record; undefined when its bytes are invalid. */
  at(field: number): string | undefined;
  /** What is wrong with a field that has no text, such as `invalid UTF-8 at byte 3`, counted from the field's first. */
  invalidReason(field: number): string;
};

export function fieldText(scan: Scan, window: UnitWindow, encoding: Encoding, dialect: Dialect): FieldText {
  const plainText = unescaper(dialect);
  return {
    at(field) {
      const slot = field * STRIDE;
      const from = scan.bounds[slot] as number;
      const to = scan.bounds[slot + 1] as number;
      const flags = scan.bounds[slot + 2] as number;
      const text = flags & NEEDS_DECODING ? window.decoded(from, to) : window.text.slice(from, to);
      return text !== undefined && flags & HAS_ESCAPES ? plainText(text) : text;
    },
    invalidReason(field) {
      const slot = field * STRIDE;
      const bytes = window.bytes(scan.bounds[slot] as number, scan.bounds[slot + 1] as number);
      return `invalid ${encoding.name.toUpperCase()} at byte ${firstInvalidByte(encoding, bytes)}`;
    },
  };
}

/** Turns the inside of a quoted field into its text: an escaped quote or escape character becomes itself. */
function unescaper({ quote, escape: mark }: Dialect): (text: string) => string {
  if (mark === quote) return (text) => text.replaceAll(quote + quote, quote);
  return (text) => {
    let plain = '';
    for (let at = 0; at < text.length; at++) {
      const following = text[at + 1];
      if (text[at] === mark && (following === quote || following === mark)) at++;
      plain += text[at];
    }
    return plain;
  };
}
