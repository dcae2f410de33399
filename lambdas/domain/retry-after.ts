/** Who asks for longer than a day is asked again once a day. */
const LONGEST_MS = 86_400_000;

/** Milliseconds to wait as a `Retry-After` header says, in seconds or as a date; undefined when it says nothing clear. */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1000, LONGEST_MS);
  // An HTTP date begins with the weekday; Date.parse alone would take nearly any text with a number in it.
  const instant = /^[A-Z][a-z]{2,8},? /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(instant) ? undefined : Math.min(Math.max(0, instant - now), LONGEST_MS);
}
