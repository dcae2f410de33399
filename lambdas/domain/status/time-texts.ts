const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long something has been up: `2h30m`, `12m30s`, `45s`; a day is 24 hours. */
export function uptimeText(ms: number): string {
  const { hours, minutes, seconds } = partsOf(ms);
  if (ms >= HOUR) return `${hours}h${minutes}m`;
  return ms >= MINUTE ? `${minutes}m${seconds}s` : `${seconds}s`;
}

/** How old something is, by its two largest units: `3d 4h`, `7h 6m`, `12m`, `45s`. */
export function ageText(ms: number): string {
  const { hours, minutes, seconds } = partsOf(ms);
  if (ms >= DAY) return `${Math.floor(hours / 24)}d ${hours % 24}h`;
  if (ms >= HOUR) return `${hours}h ${minutes}m`;
  return ms >= MINUTE ? `${minutes}m` : `${seconds}s`;
}

/** How long ago something was: `15s ago`, `2m ago`. */
export function agoText(ms: number): string {
  return `${ageText(ms)} ago`;
}

/** Whole units, rounded down: nothing is older than it is. Clocks differ, and nothing is younger than now. */
function partsOf(ms: number) {
  const past = Math.max(0, ms);
  return {
    hours: Math.floor(past / HOUR),
    minutes: Math.floor((past % HOUR) / MINUTE),
    seconds: Math.floor((past % MINUTE) / SECOND),
  };
}
