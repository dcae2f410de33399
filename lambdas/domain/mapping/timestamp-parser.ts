import { type CalendarTime, calendarMs, fractionMs } from './calendar.ts';
import { invalidConfiguration } from './invalid-configuration.ts';
import { timePattern } from './time-pattern.ts';
import { type TimeZone, timeZone } from './time-zone.ts';

/** Text of a time → ISO 8601 in UTC, `2026-03-03T10:35:22Z`, milliseconds only where there are any; undefined: no time. */
export type TimestampParser = (text: string) => string | undefined;

const isoTime =
  /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)(?:[T ](?<hour>\d\d):(?<minute>\d\d)(?::(?<second>\d\d)(?:[.,](?<fraction>\d+))?)?(?: ?(?<offset>Z|[+-]\d\d(?::?\d\d)?))?)?$/i;

/**
 * Formats: `iso` (date, or date and time, with or without offset), `epoch_s`, `epoch_ms`, or a pattern
 * (`timePattern`). `zone` is an IANA name for times without an offset, UTC by default. `path` names the mapping in
 * the definition, for messages.
 */
export function timestampParser(format: string, zoneName: string | undefined, path: string): TimestampParser {
  const zone = timeZone(zoneName ?? 'UTC');
  if (zone === undefined) throw invalidConfiguration(`${path}.zone`, `"${zoneName}" is not a time zone`);
  const parse = msParser(format, zone, path);
  return (text) => {
    const ms = parse(text.trim());
    return ms === undefined ? undefined : isoText(ms);
  };
}

function msParser(format: string, zone: TimeZone, path: string): (text: string) => number | undefined {
  if (format === 'iso') return (text) => isoMs(text, zone);
  if (format === 'epoch_s') return (text) => epochMs(text, 1000);
  if (format === 'epoch_ms') return (text) => epochMs(text, 1);
  const read = timePattern(format);
  if (typeof read !== 'function') throw invalidConfiguration(`${path}.format`, `"${format}": ${read.problem}`);
  return (text) => {
    const time = read(text);
    return time && instantOf(time, time.offset, zone);
  };
}

/** A time with its offset, or else in the zone. */
function instantOf(time: CalendarTime, offset: string | undefined, zone: TimeZone): number | undefined {
  const local = calendarMs(time);
  if (local === undefined) return undefined;
  if (offset === undefined) return zone(local);
  const offsetMs = msOfOffset(offset);
  return offsetMs === undefined ? undefined : local - offsetMs;
}

function isoMs(text: string, zone: TimeZone): number | undefined {
  const groups = isoTime.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const { year, month, day, hour = '0', minute = '0', second = '0', fraction, offset } = groups;
  const time = {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    millisecond: fractionMs(fraction),
  };
  return instantOf(time, offset, zone);
}

function msOfOffset(offset: string): number | undefined {
  if (offset === 'Z' || offset === 'z') return 0;
  const hours = Number(offset.slice(1, 3));
  const minutes = Number(offset.slice(3).replace(':', '') || 0);
  if (hours > 23 || minutes > 59) return undefined;
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

function epochMs(text: string, unit: number): number | undefined {
  return /^[+-]?\d+(?:\.\d+)?$/.test(text) ? Math.round(Number(text) * unit) : undefined;
}

/** Years from 0 to 9999 only: others have no common way of writing. */
function isoText(ms: number): string | undefined {
  if (ms < -62_167_219_200_000 || ms > 253_402_300_799_999) return undefined;
  const text = new Date(ms).toISOString();
  return text.endsWith('.000Z') ? `${text.slice(0, -5)}Z` : text;
}
