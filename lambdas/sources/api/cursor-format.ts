import { isExactNumber, type JsonValue } from '../../domain/json.ts';
import { timePattern } from '../../domain/mapping/time-pattern.ts';
import { timestampParser } from '../../domain/mapping/timestamp-parser.ts';
import { writeTime } from '../../domain/mapping/write-time.ts';

/** How the instants of a cursor field are read and written. */
export type CursorFormat = {
  /** Milliseconds since the epoch; undefined: not a time in this format. */
  readonly read: (text: string) => number | undefined;
  /** Whether the first of two times of the same millisecond is the later one, by the digits beyond it. */
  readonly isFinerAfter: (a: string, b: string) => boolean;
  /** As a parameter: the last instant of this format that is not after `ms`. */
  readonly floor: (ms: number) => string;
  /** As a parameter: the first instant of this format that is not before `ms`. */
  readonly ceil: (ms: number) => string;
};

const SECOND = 1000;
const DAY = 86_400_000;
/** Of a time, in characters; a checkpoint has to hold it. */
const LONGEST_TEXT = 64;

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
      return withUnit(format, unitOf(format), (ms) => writeTime(format, ms));
    }
  }
}

function withUnit(format: string, unit: number, write: (ms: number) => string): CursorFormat {
  const parse = timestampParser(format, undefined, 'source.incremental');
  return {
    read(text) {
      const time = parse(text);
      return time === undefined ? undefined : Date.parse(time);
    },
    isFinerAfter: (a, b) => fractionOf(a) > fractionOf(b),
    floor: (ms) => write(Math.floor(ms / unit) * unit),
    ceil: (ms) => write(Math.ceil(ms / unit) * unit),
  };
}

/** A time as its record wrote it, text or number; undefined: it is neither. Longer ones are no times. */
export function timeText(value: JsonValue): string | undefined {
  const text = typeof value === 'number' || isExactNumber(value) ? JSON.stringify(value) : value;
  return typeof text === 'string' && text.length <= LONGEST_TEXT ? text : undefined;
}

/** The digits of the last fraction in a text: texts of these compare as they do. */
function fractionOf(text: string): string {
  return /[.,](\d+)(?!.*[.,]\d)/.exec(text)?.[1] ?? '';
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
  return /h/i.test(letters) ? 3600 * SECOND : DAY;
}
