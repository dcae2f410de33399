/** An RFC 3339 or ISO 8601 instant with its offset, as milliseconds since the epoch; null where there is none. */
export function instantOf(text: string | null | undefined): number | null {
  // Without an offset it would be read in the zone of whichever machine reads it.
  if (text === null || text === undefined || !/T.*(?:Z|[+-]\d\d:?\d\d)$/i.test(text.trim())) return null;
  const instant = Date.parse(text.trim());
  return Number.isNaN(instant) ? null : instant;
}

/** ISO text in whole seconds, for what a source says of itself; null stays null. */
export function isoOf(instant: number | null): string | null {
  return instant === null || !Number.isFinite(new Date(instant).getTime())
    ? null
    : `${new Date(instant).toISOString().slice(0, 19)}Z`;
}
