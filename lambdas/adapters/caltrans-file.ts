import type { FeedPart } from '../domain/feeds/adapter.ts';
import { unreadable } from '../domain/feeds/upstream-fault.ts';
import { instantMade, textOf } from './caltrans-values.ts';
import { type Members, membersOf } from './members-of.ts';
import { publicationOf } from './publication-of.ts';
import { readJson } from './read-json.ts';

/*
 * What the feeds of the California Department of Transportation (CWWP2, https://cwwp2.dot.ca.gov) have in common: a file
 * for each district, `{"data": [{"<feed>": {"index", "recordTimestamp", "location", …}}, …]}`, whose values are all
 * strings, and whose times are local.
 */

/** When the file was made, milliseconds since the epoch; null only if it has no rows. */
type CaltransFile = { readonly rows: readonly Members[]; readonly publishedAt: number | null };

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
  // The file has no time but that of its rows, which is when all of it was made.
  const made = rows.map((row) => instantMade(membersOf(row.recordTimestamp)));
  return { rows, publishedAt: publicationOf(null, made) };
}

/** An `index` is unique in its district only. Null where there is none. */
export function recordIdOf({ index }: Members, { id: partId }: FeedPart): string | null {
  const own = textOf(index);
  return own === null ? null : `${partId}/${own}`;
}
