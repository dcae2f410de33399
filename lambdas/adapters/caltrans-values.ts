import { timeZone } from '../domain/mapping/time-zone.ts';
import { instantOfMs } from './instants.ts';
import type { Members } from './members-of.ts';

/* How Caltrans writes values: all of them as strings, times in local time. */

/** Any of these stands where there is nothing to be said, in texts and numbers alike. */
const NOT_SAID = /^(?:|not reported|n\/a|\*)$/i;
const HOUR = 3_600_000;
/** A time of 1970 is how some rows say "never". */
const NEVER_UNTIL = Date.UTC(1971);

const inCalifornia = timeZone('America/Los_Angeles') as NonNullable<ReturnType<typeof timeZone>>;

/** Null where nothing is said; blanks that only align are taken out. */
export function textOf(value: unknown): string | null {
  const said = typeof value === 'string' || typeof value === 'number' ? String(value).replace(/\s+/g, ' ').trim() : '';
  return NOT_SAID.test(said) ? null : said;
}

export function numberOf(value: unknown): number | null {
  const said = textOf(value);
  // With more digits it would be infinite.
  return said !== null && /^[+-]?\d{1,300}(?:\.\d+)?$/.test(said) ? Number(said) : null;
}

/** `true`, `True` and the like; null where it is neither. */
export function flagOf(value: unknown): boolean | null {
  const said = typeof value === 'boolean' ? String(value) : textOf(value)?.toLowerCase();
  if (said === 'true') return true;
  return said === 'false' ? false : null;
}

/**
 * What `<name>Epoch` gives, or else `<name>Date` and `<name>Time`, which are the local time in California: of the two
 * instants that it means when clocks go back, the earlier one; 02:30 that is skipped when they go forward is 03:30.
 * Milliseconds since the epoch; null if there is none.
 */
export function instantOf(name: string, members: Members): number | null {
  const local = localTime(name, members);
  return epochOf(name, members) ?? (local === null ? null : inCalifornia(local));
}

/**
 * When a file was made. Where its local time means two instants, it is the later one: a good file must not look an hour
 * old each autumn.
 */
export function instantMade(stamp: Members): number | null {
  const instant = instantOf('record', stamp);
  const local = localTime('record', stamp);
  if (instant === null || local === null || epochOf('record', stamp) !== null) return instant;
  return Math.max(instant, inCalifornia(local + HOUR) - HOUR);
}

function epochOf(name: string, members: Members): number | null {
  const ms = instantOfMs((numberOf(members[`${name}Epoch`]) ?? 0) * 1000);
  return ms !== null && ms >= NEVER_UNTIL ? ms : null;
}

/** As if it were UTC; null where it is no date and time. */
function localTime(name: string, members: Members): number | null {
  const written = `${textOf(members[`${name}Date`])}T${textOf(members[`${name}Time`])}`;
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(written)) return null;
  const local = Date.parse(`${written}Z`);
  const isReal = !Number.isNaN(local) && new Date(local).toISOString().startsWith(written);
  return isReal && local >= NEVER_UNTIL ? local : null;
}
