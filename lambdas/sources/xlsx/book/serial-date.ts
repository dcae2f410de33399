import type { DateKind } from './number-format.ts';

const DAY = 86_400_000;
/** 1899-12-31: day 1 is 1900-01-01. */
const EPOCH_1900 = Date.UTC(1899, 11, 31);
const EPOCH_1904 = Date.UTC(1904, 0, 1);
/** From 1900-01-01 up to 10000-01-01. */
const FIRST = Date.UTC(1900, 0, 1);
const END = 253_402_300_800_000;
/** The 1900 system has a 1900-02-29, to be compatible with Lotus 1-2-3; all days after it count one too many. */
const LEAP_BUG = 60;

/**
 * A serial number of days as ISO text: `2021-01-01`, `2016-04-28T11:30:00`, `11:30:00`, and for elapsed time
 * `255:10:10`; milliseconds only where there are any. A time of day that a date's format doesn't show is kept.
 * Undefined: there is no such date.
 */
export function serialDate(serial: number, kind: NonNullable<DateKind>, date1904: boolean): string | undefined {
  // Spreadsheets compute in doubles of days, in which most times are not exact.
  const ms = Math.round(serial * DAY);
  if (!Number.isSafeInteger(ms)) return undefined;
  if (kind === 'duration') return `${ms < 0 ? '-' : ''}${clockText(Math.abs(ms))}`;
  if (kind === 'time' && ms >= 0 && ms < DAY) return clockText(ms);
  const instant = instantOf(ms, date1904);
  if (instant === undefined) return undefined;
  const [date, time] = new Date(instant).toISOString().split('T') as [string, string];
  return kind === 'date' && ms % DAY === 0 ? date : `${date}T${time.replace(/(\.000)?Z$/, '')}`;
}

function instantOf(ms: number, date1904: boolean): number | undefined {
  const day = Math.floor(ms / DAY);
  if (!date1904 && day === LEAP_BUG) return undefined;
  const instant = (date1904 ? EPOCH_1904 : EPOCH_1900) + ms - (!date1904 && day > LEAP_BUG ? DAY : 0);
  return instant >= FIRST && instant < END ? instant : undefined;
}

/** Hours, minutes, seconds; hours may be more than a day has. */
function clockText(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const text = parts.map((part) => String(part).padStart(2, '0')).join(':');
  return ms % 1000 === 0 ? text : `${text}.${String(ms % 1000).padStart(3, '0')}`;
}
