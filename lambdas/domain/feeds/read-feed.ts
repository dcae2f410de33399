import { mapConcurrently } from '../map-concurrently.ts';
import { redactor } from '../redactor.ts';
import type { Adapter, FeedPart } from './adapter.ts';
import type { FeedHealth, PartState } from './feed-health.ts';
import { type PartReading, type ReadingDeps, readPart } from './read-part.ts';
import { defective, UpstreamFault } from './upstream-fault.ts';

export type FeedReadingDeps = ReadingDeps & {
  /** The value of the adapter's key; `fresh`: upstream has refused the one that was used. */
  readonly secret: (adapterId: string, options?: { readonly fresh: boolean }) => Promise<string>;
};

/** A public service is not asked for more than this at once. */
const PARTS_AT_ONCE = 4;

/**
 * Reads every part of a feed; `before` are readings that this poll has made already, which are kept where they still
 * hold. Throws `UpstreamFault` when not even the parts can be told.
 */
export async function readFeed(
  adapter: Adapter,
  health: FeedHealth | null,
  before: readonly PartReading[],
  deps: FeedReadingDeps,
): Promise<readonly PartReading[]> {
  const known = new Map(before.map((reading) => [reading.partId, reading]));
  const read = async (part: FeedPart) => {
    const state = health?.parts[part.id];
    const kept = known.get(part.id);
    return kept !== undefined && stillHolds(kept, state) ? kept : readPart(adapter, part, state, deps);
  };
  const secret = adapter.needsSecret ? await keyOf(adapter, deps, false) : undefined;
  const readings = await mapConcurrently(partsOf(adapter, secret, deps), PARTS_AT_ONCE, read);
  if (secret === undefined) return readings;
  if (!readings.some(isRefused)) return readings.map(withoutKey(secret));
  // The key may have been changed since it was looked up.
  const present = await keyOf(adapter, deps, true);
  if (present === secret) return readings.map(withoutKey(secret));
  known.clear();
  const again = await mapConcurrently(partsOf(adapter, present, deps), PARTS_AT_ONCE, read);
  return again.map(withoutKey(present));
}

/** Upstream may quote the key in what it answers, and what is wrong with a feed is shown to everyone. */
function withoutKey(secret: string): (reading: PartReading) => PartReading {
  const redact = redactor([secret]);
  return (reading) => {
    if (reading.kind !== 'failed') return reading;
    const { outcome, code, message, retryAt } = reading.fault;
    const redacted = redact(message);
    if (redacted === message) return reading;
    return { ...reading, fault: new UpstreamFault(outcome, code, redacted, retryAt === null ? {} : { retryAt }) };
  };
}

/** "Unchanged" is said of what was known: where that was something else, the part has to be asked for again. */
function stillHolds(reading: PartReading, state: PartState | undefined): boolean {
  if (reading.kind !== 'unchanged') return true;
  const { etag, lastModified, digest } = reading.state;
  return state?.digest === digest && state.etag === etag && state.lastModified === lastModified;
}

function isRefused(reading: PartReading): boolean {
  return reading.kind === 'failed' && ['UPSTREAM_HTTP_401', 'UPSTREAM_HTTP_403'].includes(reading.fault.code);
}

async function keyOf({ id }: Adapter, { secret, onBug }: FeedReadingDeps, fresh: boolean): Promise<string> {
  try {
    return await secret(id, { fresh });
  } catch (error) {
    onBug(error);
    throw new UpstreamFault('internal_failure', 'INTERNAL_SECRET', 'the key of the feed can not be read');
  }
}

function partsOf(adapter: Adapter, secret: string | undefined, { onBug }: FeedReadingDeps): readonly FeedPart[] {
  let parts: readonly FeedPart[] = [];
  try {
    parts = adapter.parts(secret);
  } catch (error) {
    onBug(error);
  }
  // Of a feed without any address, all records would seem to have gone.
  if (parts.length === 0) throw defective('the addresses of the feed can not be told');
  return parts;
}
