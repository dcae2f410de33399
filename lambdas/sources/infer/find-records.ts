import type { JsonValue } from '../../domain/json.ts';
import { isRecord, type JsonRecord } from '../api/record-fields.ts';

export type FoundRecords = {
  /** As `source.records` is written. */
  readonly path: string;
  readonly items: readonly JsonRecord[];
};

/** A value of a body that is not within its records. */
export type Member = { readonly path: string; readonly name: string; readonly value: JsonValue };

/** Levels of objects and lists that records are looked for in. */
const DEEPEST = 4;
/** A definition takes a little more. */
const LONGEST_PATH = 250;

/** The longest list of objects in a body, of two the one further out; a body without any is a record itself. */
export function findRecords(body: JsonValue): FoundRecords | undefined {
  const lists = walk(body).flatMap(({ path, value }): FoundRecords[] =>
    Array.isArray(value) && value.length > 0 && value.every(isRecord) ? [{ path: `${path}[*]`, items: value }] : [],
  );
  const longest = lists.reduce<FoundRecords | undefined>(
    (best, list) => (best === undefined || list.items.length > best.items.length ? list : best),
    undefined,
  );
  // An envelope may be a list too: a single object with what is told about the page, and a list of records after it.
  return longest ?? (isRecord(body) ? { path: '$', items: [body] } : undefined);
}

/** What a body tells besides its records, with where it stands. */
export function membersBeside(body: JsonValue, records: string): readonly Member[] {
  return walk(body).filter(({ path, name }) => name !== '' && !`${path}[*]`.startsWith(records));
}

/** Every value down to some depth, those further out first; of the items of a list only the first two. */
function walk(body: JsonValue): Member[] {
  let level: Member[] = [{ path: '$', name: '', value: body }];
  const all = [...level];
  for (let depth = 0; depth < DEEPEST; depth++) {
    level = level.flatMap(childrenOf);
    all.push(...level);
  }
  return all;
}

function childrenOf({ path, value }: Member): Member[] {
  if (Array.isArray(value)) {
    const isEnvelope = value.length === 2 && Array.isArray(value[1]);
    return isEnvelope ? value.map((item, at) => ({ path: `${path}[${at}]`, name: '', value: item as JsonValue })) : [];
  }
  if (!isRecord(value)) return [];
  return Object.entries(value)
    .map(([name, item]) => ({ path: `${path}${step(name)}`, name, value: item }))
    .filter(({ name, path: own }) => name !== '' && !/["\]]/.test(name) && own.length <= LONGEST_PATH);
}

const step = (name: string) => (/^[\w-]+$/.test(name) ? `.${name}` : `["${name}"]`);
