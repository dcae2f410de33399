import type { Adapter, ParsedPart, ParsedRecord } from './adapter.ts';
import { saidStatuses, severities } from './feed-record.ts';
import { isInstant } from './is-instant.ts';
import { isRecordId } from './is-record-id.ts';
import { defective, tooLarge, UpstreamFault, unreadable } from './upstream-fault.ts';

/** Each may be a write: the largest feed that is known has a tenth of that in a part. */
const MAX_RECORDS = 50_000;
/** As it is stored, in UTF-8: an item may have 400 KB, and there is more in it than this. */
const MAX_RECORD_BYTES = 256 * 1024;
/** Of properties and coordinates: no feed is, and what takes JSON apart level by level gives up somewhere. */
const MAX_DEPTH = 100;
/** Of an id, in a message. */
const SHOWN_CHARACTERS = 60;

/**
 * Throws `UpstreamFault` when what an adapter has made of a part can't be kept or shown, or must not be believed: an
 * answer that says nothing or is out of date, or a record that would harm the others, which it names.
 */
export function refuseUnusable(adapter: Adapter, { records, publishedAt }: ParsedPart, now: number): void {
  if (records.length === 0 && !adapter.mayBeEmpty) {
    throw new UpstreamFault('upstream_empty', 'UPSTREAM_EMPTY', 'no records from upstream, which always has some');
  }
  if (records.length > MAX_RECORDS) throw tooLarge(`${records.length} records from upstream, more than ${MAX_RECORDS}`);
  if (publishedAt !== null) refuseStale(publishedAt, adapter, now);
  for (const record of records) {
    refuseId(record);
    refuseContent(record);
  }
}

function refuseStale(publishedAt: number, { maxFeedAgeSeconds }: Adapter, now: number): void {
  if (!isInstant(publishedAt)) throw unreadable(`upstream was published at no time that there is: ${publishedAt}`);
  if (now - publishedAt <= maxFeedAgeSeconds * 1000) return;
  const since = new Date(publishedAt).toISOString();
  throw new UpstreamFault('upstream_stale', 'UPSTREAM_STALE', `upstream has not been updated since ${since}`);
}

function refuseId({ recordId }: ParsedRecord): void {
  if (!isRecordId(recordId)) throw unreadable('a record whose id is no text, empty or longer than 1000 bytes');
}

function refuseContent(record: ParsedRecord): void {
  const { status, severity, startsAt, endsAt } = record;
  const named = `record ${record.recordId.slice(0, SHOWN_CHARACTERS)}`;
  refuseWord(`${named}: status`, status, saidStatuses);
  refuseWord(`${named}: severity`, severity, severities);
  for (const [name, instant] of Object.entries({ starts_at: startsAt, ends_at: endsAt })) {
    if (instant !== null && !isInstant(instant)) throw unreadable(`${named}: ${name} is no time: ${instant}`);
  }
  if (isDeeperThan(MAX_DEPTH, [record.geometry, record.properties])) {
    throw unreadable(`${named} is nested more than ${MAX_DEPTH} levels deep`);
  }
  if (Buffer.byteLength(JSON.stringify(record)) > MAX_RECORD_BYTES) throw tooLarge(`${named} is larger than 256 KB`);
}

/** These words are ours: another one is a defect of the adapter, and none of upstream. */
function refuseWord(what: string, word: string, known: readonly string[]): void {
  if (!known.includes(word)) throw defective(`${what} "${word}" is none of ${known.join(', ')}`);
}

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeperThan(levels - 1, member));
}
