import { CronPattern } from 'croner';

/** A schedule as it is run: every so many seconds, or at the instants of a cron pattern in Croner's dialect. */
export type Schedule =
  | { readonly kind: 'rate'; readonly seconds: number }
  | { readonly kind: 'cron'; readonly pattern: string };

/** `0/15`, from 0 in steps of 15, is common on AWS, and sloppy to Croner. */
export const CRON_OPTIONS = { sloppyRanges: true } as const;

const SECONDS = new Map([
  ['minute', 60],
  ['hour', 3600],
  ['day', 86_400],
]);

/** Reads `rate(5 minutes)` or `cron(min hour day month weekday year)`; undefined when it is neither. */
export function parseSchedule(expression: string): Schedule | undefined {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression);
  if (rate) return { kind: 'rate', seconds: Number(rate[1]) * (SECONDS.get(rate[2] ?? '') ?? 0) };
  const fields = /^cron\(([^)]+)\)$/.exec(expression)?.[1]?.split(' ');
  if (fields?.length !== 6) return undefined;
  const [minute, hour, day, month, weekday = '', year] = fields;
  if (/[LW#]/.test(`${day}${weekday.replace('WED', '')}`)) return undefined;
  const pattern = `0 ${minute} ${hour} ${day} ${month} ${shiftWeekdays(weekday)} ${year}`;
  return isPattern(pattern) ? { kind: 'cron', pattern } : undefined;
}

function isPattern(pattern: string): boolean {
  try {
    new CronPattern(pattern, undefined, CRON_OPTIONS);
    return true;
  } catch {
    return false;
  }
}

/** AWS counts weekdays from 1 = Sunday, everybody else from 0; a step (`/2`) is a number of days, not a day. */
function shiftWeekdays(field: string): string {
  return field.replace(/(?<!\/)\b[1-7]\b/g, (day) => String(Number(day) - 1));
}
