import type { ParsedRecord } from './adapter.ts';
import { digestOf } from './digest-of.ts';
import type { KnownRecord } from './feed-store.ts';

/** A part of the feed that is not what it was. */
export type ChangedPart = {
  readonly partId: string;
  readonly records: readonly ParsedRecord[];
  /** Some of its rows could not be told apart: what is missing may be among them, and has not gone. */
  readonly isPartlyRead?: boolean;
};

/** A record that is new or says something new, under the id by which it is known here. */
export type ChangedRecord = Omit<ParsedRecord, 'aliases'> & {
  readonly aliases: readonly string[];
  readonly partId: string;
  readonly digest: string;
};

export type RecordChanges = {
  readonly changed: readonly ChangedRecord[];
  /** Ids of the records that were in these parts, and are in none of them any more. */
  readonly gone: readonly string[];
};

/**
 * What has to be written for these parts. A record that upstream now calls by another name, known here as one of its
 * aliases, keeps the id it has; two that upstream has merged become the one, and the other is gone.
 */
export function diffRecords(parts: readonly ChangedPart[], known: readonly KnownRecord[]): RecordChanges {
  const byId = new Map(known.map((record) => [record.recordId, record]));
  const incoming = named(parts, byId, idsByAlias(known));
  const changed = incoming.filter(({ recordId, digest }) => {
    const before = byId.get(recordId);
    return before === undefined || before.status === 'closed' || before.digest !== digest;
  });
  const present = new Set(incoming.map(({ recordId }) => recordId));
  const looked = new Set(parts.filter(({ isPartlyRead }) => !isPartlyRead).map(({ partId }) => partId));
  const gone = known.filter(
    ({ recordId, partId, status }) => status !== 'closed' && looked.has(partId) && !present.has(recordId),
  );
  return { changed, gone: gone.map(({ recordId }) => recordId) };
}

/** Each once, under the id it is known by; where ids clash, the first and those that keep their own id come first. */
function named(
  parts: readonly ChangedPart[],
  byId: ReadonlyMap<string, KnownRecord>,
  byAlias: ReadonlyMap<string, readonly string[]>,
): ChangedRecord[] {
  const all = parts.flatMap(({ partId, records }) => records.map((record) => ({ record, partId })));
  const own = new Set(all.map(({ record }) => record.recordId));
  const taken = new Map<string, ChangedRecord>();
  for (const { record, partId } of all) {
    const former = byId.has(record.recordId) ? [] : formerIds(record, byId, byAlias);
    const recordId = former.find((id) => !own.has(id) && !taken.has(id)) ?? record.recordId;
    if (taken.has(recordId)) continue;
    const { aliases = [], ...said } = record;
    const content = { ...said, recordId, aliases: others(recordId, [record.recordId, ...aliases]), partId };
    taken.set(recordId, { ...content, digest: digestOf(content) });
  }
  return [...taken.values()];
}

/** Those still in the feed come first: of two that were merged, the one that lived on is the one meant from then on. */
function formerIds(
  { recordId, aliases = [] }: ParsedRecord,
  byId: ReadonlyMap<string, KnownRecord>,
  byAlias: ReadonlyMap<string, readonly string[]>,
): string[] {
  const asAlias = [recordId, ...aliases].flatMap((id) => byAlias.get(id) ?? []);
  const isClosed = (id: string) => Number(byId.get(id)?.status === 'closed');
  return [...aliases.filter((alias) => byId.has(alias)), ...asAlias].sort(
    (id, other) => isClosed(id) - isClosed(other),
  );
}

function idsByAlias(known: readonly KnownRecord[]): Map<string, string[]> {
  const byAlias = new Map<string, string[]>();
  for (const { recordId, aliases } of known) {
    for (const alias of aliases) byAlias.set(alias, [...(byAlias.get(alias) ?? []), recordId]);
  }
  return byAlias;
}

function others(recordId: string, aliases: readonly string[]): string[] {
  return [...new Set(aliases)].filter((alias) => alias !== recordId).sort();
}
