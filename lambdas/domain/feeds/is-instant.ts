const FIRST = Date.UTC(1900, 0);
const LAST = Date.UTC(10_000, 0) - 1;

/** Whether milliseconds since the epoch are a time that can be shown: one of the years 1900 to 9999. */
export function isInstant(ms: number): boolean {
  return typeof ms === 'number' && ms >= FIRST && ms <= LAST;
}
