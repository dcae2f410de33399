/** Turns a local time, given as if it were UTC, into the instant it means. Milliseconds since the epoch. */
export type TimeZone = (localMs: number) => number;

const DAY = 86_400_000;
/** Days kept per zone. */
const CACHE_SIZE = 10_000;

/**
 * A zone by its IANA name; undefined: there is none of that name.
 *
 * A local time that occurs twice, when clocks go back, is the earlier one. A local time that doesn't occur, when they
 * go forward, is moved on by the length of the gap: 02:30 becomes 03:30. Both as in Temporal and java.time.
 */
export function timeZone(name: string): TimeZone | undefined {
  const offsetAt = offsetFinder(name);
  if (offsetAt === undefined) return undefined;
  return (localMs) => {
    const before = offsetAt(localMs - DAY);
    const after = offsetAt(localMs + DAY);
    if (before === after || offsetAt(localMs - before) === before) return localMs - before;
    return offsetAt(localMs - after) === after ? localMs - after : localMs - before;
  };
}

/**
 * The zone's offset from UTC at an instant, in milliseconds. Asking Intl costs microseconds, so that days on which
 * the offset doesn't change are remembered.
 */
function offsetFinder(name: string): ((ms: number) => number) | undefined {
  const format = offsetFormat(name);
  if (format === undefined) return undefined;
  const ask = (ms: number) => offsetIn(format.format(ms));
  const midnights = new Map<number, number>();
  const atMidnight = (day: number) => {
    const known = midnights.get(day);
    if (known !== undefined) return known;
    if (midnights.size >= CACHE_SIZE) midnights.clear();
    const offset = ask(day * DAY);
    midnights.set(day, offset);
    return offset;
  };
  return (ms) => {
    const day = Math.floor(ms / DAY);
    const offset = atMidnight(day);
    return offset === atMidnight(day + 1) ? offset : ask(ms);
  };
}

function offsetFormat(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  } catch {
    return undefined;
  }
}

/** `…, GMT-08:00`, also with seconds; `GMT` alone is UTC. */
function offsetIn(text: string): number {
  const match = /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(text);
  if (match === null) return 0;
  const [, sign, hours, minutes, seconds = '0'] = match;
  const ms = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
  return sign === '-' ? -ms : ms;
}
