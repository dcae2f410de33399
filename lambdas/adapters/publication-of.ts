import { unreadable } from '../domain/feeds/upstream-fault.ts';

/**
 * When upstream made its answer: as the answer itself says or, where it does not, the newest of its rows' times, which
 * is never later than that. Not when it was sent (`Last-Modified` is that, of a server that makes it anew each time): a
 * feed that has frozen is known by nothing else. All in milliseconds since the epoch; null only where there are no rows.
 *
 * Throws `UpstreamFault` where there are rows, and no time anywhere.
 */
export function publicationOf(said: number | null, ofRows: readonly (number | null)[]): number | null {
  if (said !== null || ofRows.length === 0) return said;
  const instants = ofRows.filter((instant) => instant !== null);
  if (instants.length === 0) throw unreadable('nothing from upstream says when it was made');
  return instants.reduce((one, other) => Math.max(one, other));
}
