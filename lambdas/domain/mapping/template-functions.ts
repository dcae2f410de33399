import type { TimestampParser } from './timestamp-parser.ts';

/** What a function makes of a field's text: null for no value, undefined for text that it can't be used on. */
export type TemplateFunction = (text: string | null, parseTime: TimestampParser) => string | null | undefined;

export type CompiledCall = {
  readonly apply: TemplateFunction;
  /** What a text must be that the function can be used on. */
  readonly expected: string;
};

type Definition = {
  /** As it is written, for messages. */
  readonly usage: string;
  readonly least: number;
  readonly most: number;
  readonly make: (args: readonly string[]) => TemplateFunction | undefined;
};

/** Longest text that padding makes. */
const LONGEST = 1000;

/** Any use of a time gives it in UTC, as the timestamps of data points are. */
const templateFunctions: { readonly [name: string]: Definition } = {
  upper: onText('upper', (text) => text.toUpperCase()),
  lower: onText('lower', (text) => text.toLowerCase()),
  trim: onText('trim', (text) => text.trim()),
  default: {
    usage: 'default(text)',
    least: 1,
    most: 1,
    make:
      ([text = '']) =>
      (value) =>
        value ?? text,
  },
  substring: { usage: 'substring(start, length), counted from 0', least: 1, most: 2, make: substring },
  pad: { usage: 'pad(length, character)', least: 1, most: 2, make: padding((text, rest) => rest + text) },
  pad_end: { usage: 'pad_end(length, character)', least: 1, most: 2, make: padding((text, rest) => text + rest) },
  date: onTime('date', 0, 10),
  time: onTime('time', 11, 19),
  year: onTime('year', 0, 4),
  month: onTime('month', 5, 7),
  day: onTime('day', 8, 10),
  hour: onTime('hour', 11, 13),
  minute: onTime('minute', 14, 16),
  second: onTime('second', 17, 19),
};

const timeFunctions = new Set(['date', 'time', 'year', 'month', 'day', 'hour', 'minute', 'second']);

/** A function with its arguments; what can't be used gives the reason. */
export function compileCall(name: string, args: readonly string[]): CompiledCall | { readonly problem: string } {
  const definition = Object.hasOwn(templateFunctions, name) ? templateFunctions[name] : undefined;
  if (definition === undefined) {
    return { problem: `no function "${name}" (functions: ${Object.keys(templateFunctions).join(', ')})` };
  }
  const { usage, least, most, make } = definition;
  const apply = args.length < least || args.length > most ? undefined : make(args);
  return apply === undefined
    ? { problem: `${name} is used as ${usage}` }
    : { apply, expected: timeFunctions.has(name) ? 'a time' : 'text' };
}

function onText(usage: string, change: (text: string) => string): Definition {
  return { usage, least: 0, most: 0, make: () => (text) => (text === null ? null : change(text)) };
}

/** A part of the time as `2026-03-03T10:35:22Z` has it. */
function onTime(usage: string, from: number, to: number): Definition {
  return {
    usage,
    least: 0,
    most: 0,
    make: () => (text, parseTime) => (text === null ? null : parseTime(text)?.slice(from, to)),
  };
}

function substring([first = '', count]: readonly string[]): TemplateFunction | undefined {
  const start = countOf(first);
  const length = count === undefined ? Number.POSITIVE_INFINITY : countOf(count);
  if (start === undefined || length === undefined) return undefined;
  // By whole characters: half an emoji is none.
  return (text) => (text === null ? null : [...text].slice(start, start + length).join(''));
}

function padding(join: (text: string, rest: string) => string): Definition['make'] {
  return ([count = '', character = '0']) => {
    const length = countOf(count);
    if (length === undefined || length > LONGEST || [...character].length !== 1) return undefined;
    return (text) => (text === null ? null : join(text, character.repeat(Math.max(0, length - [...text].length))));
  };
}

function countOf(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
