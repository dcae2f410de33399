import { type CalendarTime, fractionMs } from './calendar.ts';

/** Reads a text by a pattern; undefined: it isn't written like that. `offset` is as written, where the pattern has one. */
export type PatternReader = (text: string) => (CalendarTime & { readonly offset?: string | undefined }) | undefined;

export const monthNames = 'january february march april may june july august september october november december'.split(
  ' ',
);
export const dayNames = 'monday tuesday wednesday thursday friday saturday sunday'.split(' ');
const oneOf = (words: readonly string[]) => words.join('|');
const short = (words: readonly string[]) => words.map((word) => word.slice(0, 3));

const parts: { readonly [token: string]: string } = {
  yyyy: String.raw`(?<year>\d{4})`,
  yy: String.raw`(?<shortYear>\d{2})`,
  MMMM: `(?<monthName>${oneOf(monthNames)})`,
  MMM: `(?<monthName>${oneOf(short(monthNames))})`,
  MM: String.raw`(?<month>\d{2})`,
  M: String.raw`(?<month>\d{1,2})`,
  dd: String.raw`(?<day>\d{2})`,
  d: String.raw`(?<day>\d{1,2})`,
  EEEE: `(?:${oneOf(dayNames)})`,
  EEE: `(?:${oneOf(short(dayNames))})`,
  HH: String.raw`(?<hour>\d{2})`,
  H: String.raw`(?<hour>\d{1,2})`,
  hh: '(?<halfHour>0[1-9]|1[0-2])',
  h: '(?<halfHour>0?[1-9]|1[0-2])',
  a: '(?<half>AM|PM)',
  mm: String.raw`(?<minute>\d{2})`,
  m: String.raw`(?<minute>\d{1,2})`,
  ss: String.raw`(?<second>\d{2})`,
  s: String.raw`(?<second>\d{1,2})`,
  XX: String.raw`(?<offset>Z|[+-]\d{4})`,
  XXX: String.raw`(?<offset>Z|[+-]\d\d:\d\d)`,
};

/** What a group tells, where several tell the same. */
const meanings: { readonly [group: string]: string } = { shortYear: 'year', monthName: 'month', halfHour: 'hour' };

/**
 * Compiles a pattern such as `dd.MM.yyyy HH:mm`: y year (yy: 69-99 are 19.., 00-68 are 20..), M month (MMM, MMMM: its
 * English name), d day, E the day's English name (read past), H hour (0-23), h hour (1-12) with a (AM, PM), m minute,
 * s second, S… a fraction of a second with that many digits, XX and XXX an offset such as -0800 and -08:00. One letter
 * takes one or two digits, two letters exactly two; names in any case. T and Z and all that isn't a letter stand for
 * themselves, other letters within '…'. A pattern that can't be used gives the reason.
 */
export function timePattern(pattern: string): PatternReader | { readonly problem: string } {
  const seen = new Set<string>();
  let source = '';
  for (const [token] of pattern.matchAll(/'[^']*'|([a-zA-Z])\1*|[^a-zA-Z]/g)) {
    const part = tokenSource(token);
    if (part === undefined) return { problem: `"${token}" has no meaning in a time pattern` };
    const group = /^\(\?<(\w+)>/.exec(part)?.[1];
    const meaning = group === undefined ? undefined : (meanings[group] ?? group);
    if (meaning !== undefined && seen.has(meaning)) return { problem: `has two parts for the ${meaning}` };
    for (const name of [group, meaning]) if (name !== undefined) seen.add(name);
    source += part;
  }
  const missing = ['year', 'month', 'day'].find((name) => !seen.has(name));
  if (missing !== undefined) return { problem: `has no part for the ${missing}` };
  if (seen.has('halfHour') !== seen.has('half')) return { problem: 'has only one of h (1-12) and a (AM, PM)' };
  const regex = new RegExp(`^${source}$`, 'i');
  return (text) => {
    const groups = regex.exec(text)?.groups;
    return groups === undefined ? undefined : timeOf(groups);
  };
}

function tokenSource(token: string): string | undefined {
  if (/^S{1,9}$/.test(token)) return String.raw`(?<fraction>\d{${token.length}})`;
  if (token.startsWith("'") && token.length > 1) return RegExp.escape(token.slice(1, -1));
  if (/^([^a-zA-Z]|T|Z)$/.test(token)) return RegExp.escape(token);
  return Object.hasOwn(parts, token) ? parts[token] : undefined;
}

type Groups = { readonly [name: string]: string | undefined };

function timeOf(groups: Groups): ReturnType<PatternReader> {
  const { day, minute = '0', second = '0', fraction, offset } = groups;
  return {
    year: yearOf(groups),
    month: monthOf(groups),
    day: Number(day),
    hour: hourOf(groups),
    minute: Number(minute),
    second: Number(second),
    millisecond: fractionMs(fraction),
    offset,
  };
}

function yearOf({ year, shortYear }: Groups): number {
  if (year !== undefined) return Number(year);
  return (Number(shortYear) < 69 ? 2000 : 1900) + Number(shortYear);
}

function monthOf({ month, monthName }: Groups): number {
  if (monthName === undefined) return Number(month);
  return monthNames.findIndex((name) => name.startsWith(monthName.toLowerCase())) + 1;
}

/** 12 AM is midnight, 12 PM noon. */
function hourOf({ hour = '0', halfHour, half }: Groups): number {
  if (halfHour === undefined) return Number(hour);
  return (Number(halfHour) % 12) + (half?.toUpperCase() === 'PM' ? 12 : 0);
}
