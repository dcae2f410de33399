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
  const incoming = named(parts, { byId, byAlias: idsByAlias(known) });
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

type Names = {
  readonly byId: ReadonlyMap<string, KnownRecord>;
  readonly byAlias: ReadonlyMap<string, readonly string[]>;
};

/** Each once, under the id it is known by. Of two with the same id the first counts. */
function named(parts: readonly ChangedPart[], names: Names): ChangedRecord[] {
  const all = parts.flatMap(({ partId, records }) => records.map((record) => ({ record, partId })));
  const kept = keptIds(
    parts.flatMap(({ records }) => records),
    names,
  );
  const taken = new Map<string, ChangedRecord>();
  for (const { record, partId } of all) {
    const recordId = kept.get(record) ?? record.recordId;
    if (taken.has(recordId)) continue;
    const { aliases = [], ...said } = record;
    const content = { ...said, recordId, aliases: others(recordId, [record.recordId, ...aliases]), partId };
    taken.set(recordId, { ...content, digest: digestOf(content) });
  }
  return [...taken.values()];
}

/** The known records that one may be. */
type Claim = (record: ParsedRecord, names: Names) => readonly string[];

/** The surest first: what upstream called so when it was last read, then what it says it called otherwise before. */
const claims: readonly Claim[] = [
  ({ recordId }, { byAlias }) => byAlias.get(recordId) ?? [],
  ({ aliases = [] }, { byId }) => aliases.filter((alias) => byId.has(alias)),
  ({ aliases = [] }, { byAlias }) => aliases.flatMap((alias) => byAlias.get(alias) ?? []),
];

/**
 * The ids of those that are known by another one than upstream's. A known record goes to who has the surest claim to it,
 * whoever comes first: two that are renamed at once must not get each other's.
 */
function keptIds(records: readonly ParsedRecord[], names: Names): ReadonlyMap<ParsedRecord, string> {
  const taken = new Set(records.map(({ recordId }) => recordId));
  const renamed = records.filter(({ recordId }) => !names.byId.has(recordId));
  const kept = new Map<ParsedRecord, string>();
  const isClosed = (id: string) => names.byId.get(id)?.status === 'closed';
  // Those still in the feed come first: of two that were merged, the one that lived on is the one meant from then on.
  const rounds = [false, true].flatMap((closed) => claims.map((claim) => ({ closed, claim })));
  for (const { closed, claim } of rounds) {
    for (const record of renamed) {
      if (kept.has(record)) continue;
      const id = claim(record, names).find((one) => !taken.has(one) && isClosed(one) === closed);
      if (id === undefined) continue;
      kept.set(record, id);
      taken.add(id);
    }
  }
  return kept;
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
