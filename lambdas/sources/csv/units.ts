import type { Encoding } from './encoding.ts';

/** What a unit may mean to the scanner. TEXT is 0, so that most units are passed with one comparison. */
export const TEXT = 0;
export const SPECIAL = 1;
export const LEAD = 2;
export const DELIMITER = 3;
export const QUOTE = 4;
export const ESCAPE = 5;
export const LF = 6;
export const CR = 7;

export type Dialect = {
  readonly delimiter: string;
  readonly quote: string;
  /** Equal to `quote`: a quote is made literal by doubling it. */
  readonly escape: string;
  /** A CR without LF ends a row: files written for old Macs. Elsewhere it is a character like any other. */
  readonly crEndsRow: boolean;
};

/** The meaning of each unit, by its value. */
export function unitClasses(dialect: Dialect, encoding: Encoding): Uint8Array {
  const classes = new Uint8Array(encoding.width === 1 ? 0x100 : 0x10000);
  for (let unit = 0; unit < classes.length; unit++) {
    if (encoding.leads(unit)) classes[unit] = LEAD;
    else if (encoding.special(unit)) classes[unit] = SPECIAL;
  }
  // Order matters where escape and quote are the same character.
  const marks: readonly (readonly [string, number])[] = [
    [dialect.escape, ESCAPE],
    [dialect.quote, QUOTE],
    [dialect.delimiter, DELIMITER],
    ['\n', LF],
    ['\r', CR],
  ];
  for (const [character, kind] of marks) {
    const unit = unitOf(character, encoding);
    if (unit !== undefined) classes[unit] = kind;
  }
  return classes;
}

/** The unit that writes a character; undefined when it takes several, or the encoding doesn't have it. */
export function unitOf(character: string, encoding: Encoding): number | undefined {
  const code = character.charCodeAt(0);
  if (encoding.width === 2 || code < 0x80) return code;
  const all = encoding.text(Buffer.from(Uint8Array.from({ length: 0x100 }, (_, unit) => unit)));
  const unit = all.indexOf(character);
  return unit < 0 || encoding.special(unit) ? undefined : unit;
}
