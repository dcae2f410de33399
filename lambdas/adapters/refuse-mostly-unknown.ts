import { unreadable } from '../domain/feeds/upstream-fault.ts';

/**
 * A row that is not understood says so in its own record. When most are not, it is not the rows: the format has changed,
 * and what was known stays until someone has looked at it.
 *
 * Throws `UpstreamFault`.
 */
export function refuseMostlyUnknown(notUnderstood: number, rows: number): void {
  if (notUnderstood * 2 > rows) throw unreadable(`${notUnderstood} of ${rows} rows from upstream are not understood`);
}
