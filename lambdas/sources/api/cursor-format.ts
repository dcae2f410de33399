import type { JsonValue } from '../../domain/json.ts';
import { timePattern } from '../../domain/mapping/time-pattern.ts';
import { timestampParser } from '../../domain/mapping/timestamp-parser.ts';

/** How the instants of a cursor field are read and written. */
export type CursorFormat = {
  /** Milliseconds since the epoch; undefined: not a time in this format. */
  readonly read: (value: JsonValue) => number | undefined;
  /** As a parameter: the last instant of this format that is not after `ms`. */
  readonly floor: (ms: number) => string;
  /** As a parameter: the first instant of this format that is not before `ms`. */
  readonly ceil: (ms: number) => string;
};

const SECOND = 1000;
const DAY = 86_400_000;

/** `iso`, `date`, `epoch_s`, `epoch_ms`, or a pattern as mappings have it, in UTC where it has no offset. */
export function cursorFormat(format: string): CursorFormat | { readonly problem: string } {
  switch (format) {
    case 'iso':
      return withUnit('iso', 1, isoText);
    case 'date':
      return withUnit('iso', DAY, (ms) => new Date(ms).toISOString().slice(0, 10));
    case 'epoch_s':
      return withUnit(format, SECOND, (ms) => String(ms / SECOND));
    case 'epoch_ms':
      return withUnit(format, 1, String);
    default: {
      const pattern = timePattern(format);
      if (typeof pattern !== 'function') return pattern;
      return withUnit(format, unitOf(format), (ms) => written(format, ms));
    }
  }
}

function withUnit(format: string, unit: number, write: (ms: number) => string): CursorFormat {
  const parse = timestampParser(format, undefined, 'source.incremental');
  return {
    read(value) {
      if (typeof value === 'object' || typeof value === 'boolean') return undefined;
      const time = parse(String(value));
      return time === undefined ? undefined : Date.parse(time);
    },
    floor: (ms) => write(Math.floor(ms / unit) * unit),
    ceil: (ms) => write(Math.ceil(ms / unit) * unit),
  };
}

function isoText(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}

/** The finest step that a pattern can write. */
function unitOf(pattern: string): number {
  const letters = pattern.replace(/'[^']*'/g, '');
  if (letters.includes('SSS')) return 1;
  if (letters.includes('s')) return SECOND;
  if (letters.includes('m')) return 60 * SECOND;
  return letters.includes('H') ? 3600 * SECOND : DAY;
}

function written(pattern: string, ms: number): string {
  const [year = '', month = '', day = '', hour = '', minute = '', second = '', milli = ''] =
    new Date(ms).toISOString().match(/\d+/g) ?? [];
  const parts: { readonly [letter: string]: string } = { M: month, d: day, H: hour, m: minute, s: second };
  return pattern.replace(/'([^']*)'|([a-zA-Z])\2*/g, (token, literal: string | undefined, letter: string) => {
    if (literal !== undefined) return literal;
    if (letter === 'y') return token.length === 2 ? year.slice(-2) : year;
    if (letter === 'S') return milli.padEnd(9, '0').slice(0, token.length);
    const part = parts[letter];
    if (part === undefined) return token;
    return token.length === 1 ? String(Number(part)) : part;
  });
}
