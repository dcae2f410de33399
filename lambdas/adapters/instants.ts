/** What is later is no date but a mistake, and nothing that feeds tell of was before 1970. */
const LATEST = Date.UTC(9999, 11, 31);

/** An RFC 3339 or ISO 8601 instant with its offset, as milliseconds since the epoch; null where there is none. */
export function instantOf(text: unknown): number | null {
  // Without an offset it would be read in the zone of whichever machine reads it.
  if (typeof text !== 'string' || !/T.*(?:Z|[+-]\d\d:?\d\d)$/i.test(text.trim())) return null;
  return instantOfMs(Date.parse(text.trim()));
}

/** Milliseconds since the epoch, in whole ones; null where that is no number, or none that a calendar has. */
export function instantOfMs(ms: unknown): number | null {
  return typeof ms === 'number' && ms >= 0 && ms <= LATEST ? Math.round(ms) : null;
}

/** ISO text in whole seconds, for what a source says of itself; null stays null. */
export function isoOf(instant: number | null): string | null {
  return instant === null ? null : `${new Date(instant).toISOString().slice(0, 19)}Z`;
}
