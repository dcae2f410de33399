import type { FeedPart, ParsedRecord } from '../domain/feeds/adapter.ts';
import { unreadable } from '../domain/feeds/upstream-fault.ts';
import { instantMade, type Members, textOf } from './caltrans-values.ts';
import { membersOf } from './members-of.ts';
import { readJson } from './read-json.ts';

/* What the feeds of the California Department of Transportation (CWWP2) have in common: a file for each district. */

/** When the file was made, milliseconds since the epoch; null only if it has no rows. */
type CaltransFile = { readonly rows: readonly Members[]; readonly publishedAt: number | null };

/** Without the id, as a row by itself does not know whether its index is its own. */
type RowRecord = Omit<ParsedRecord, 'recordId'> & { readonly index: string };

/** A part for each of the districts. Their numbers are padded in the name of the file, but not in that of its folder. */
export function districtParts(feed: string, districts: readonly number[], maxBytes: number): FeedPart[] {
  return districts.map((district) => {
    const file = `${feed}StatusD${String(district).padStart(2, '0')}.json`;
    return { id: `district-${district}`, url: `https://cwwp2.dot.ca.gov/data/d${district}/${feed}/${file}`, maxBytes };
  });
}

/**
 * The rows, each what is under the feed's own name in it: nothing where there is nothing of that name.
 *
 * Throws `UpstreamFault` when it is no such file, or has rows and does not say when it was made.
 */
export function readCaltransFile(feed: string, body: Uint8Array): CaltransFile {
  const { data } = membersOf(readJson(body));
  if (!Array.isArray(data)) throw unreadable('no list of rows from upstream');
  const rows = data.map((row) => membersOf(membersOf(row)[feed]));
  const made = rows.flatMap((row) => instantMade(membersOf(row.recordTimestamp)) ?? []);
  if (rows.length > 0 && made.length === 0) throw unreadable('no row from upstream says when it was made');
  return { rows, publishedAt: made.length === 0 ? null : made.reduce((one, other) => Math.max(one, other)) };
}

/** What a row is called in its district. */
export function indexOf(row: Members): string {
  return textOf(row.index) ?? 'unnamed';
}

/** Ids are unique in a district only. Should it give one twice, no row is lost: the later one is numbered. */
export function recordsOf(rows: readonly RowRecord[], { id: partId }: FeedPart): ParsedRecord[] {
  const seen = new Map<string, number>();
  return rows.map(({ index, ...record }) => {
    const times = (seen.get(index) ?? 0) + 1;
    seen.set(index, times);
    return { recordId: `${partId}/${index}${times === 1 ? '' : `#${times}`}`, ...record };
  });
}
