import { type CalendarTime, fractionMs } from './calendar.ts';

/** Reads a text by a pattern; undefined: it isn't written like that. */
export type PatternReader = (text: string) => CalendarTime | undefined;

const parts: { readonly [token: string]: string } = {
  yyyy: String.raw`(?<year>\d{4})`,
  yy: String.raw`(?<shortYear>\d{2})`,
  MM: String.raw`(?<month>\d{2})`,
  M: String.raw`(?<month>\d{1,2})`,
  dd: String.raw`(?<day>\d{2})`,
  d: String.raw`(?<day>\d{1,2})`,
  HH: String.raw`(?<hour>\d{2})`,
  H: String.raw`(?<hour>\d{1,2})`,
  mm: String.raw`(?<minute>\d{2})`,
  m: String.raw`(?<minute>\d{1,2})`,
  ss: String.raw`(?<second>\d{2})`,
  s: String.raw`(?<second>\d{1,2})`,
};

/**
 * Compiles a pattern such as `dd.MM.yyyy HH:mm`: y year (yy: 69-99 are 19.., 00-68 are 20..), M month, d day, H hour
 * (0-23), m minute, s second, S… a fraction of a second with that many digits. One letter takes one or two digits, two
 * letters exactly two. T and Z and all that isn't a letter stand for themselves, other letters within '…'.
 * A pattern that can't be used gives the reason.
 */
export function timePattern(pattern: string): PatternReader | { readonly problem: string } {
  const seen = new Set<string>();
  let source = '';
  for (const [token] of pattern.matchAll(/'[^']*'|([a-zA-Z])\1*|[^a-zA-Z]/g)) {
    const part = tokenSource(token);
    if (part === undefined) return { problem: `"${token}" has no meaning in a time pattern` };
    const name = /^\(\?<(?:short)?(\w+)>/i.exec(part)?.[1]?.toLowerCase();
    if (name !== undefined && seen.has(name)) return { problem: `has two parts for the ${name}` };
    if (name !== undefined) seen.add(name);
    source += part;
  }
  const missing = ['year', 'month', 'day'].find((name) => !seen.has(name));
  if (missing !== undefined) return { problem: `has no part for the ${missing}` };
  const regex = new RegExp(`^${source}$`);
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

function timeOf(groups: { [name: string]: string | undefined }): CalendarTime {
  const { year, shortYear, month, day, hour = '0', minute = '0', second = '0', fraction } = groups;
  return {
    year: year === undefined ? fullYear(Number(shortYear)) : Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    millisecond: fractionMs(fraction),
  };
}

const fullYear = (short: number) => (short < 69 ? 2000 : 1900) + short;
