import { type JsonValue, parseJson } from '../json.ts';
import type { Fields } from '../source.ts';
import type { QuarantinedRow } from './run-store.ts';

/** This much of a record, in characters, is shown: enough to recognise it. */
const SHOWN = 4096;
/** Longer records are not kept whole; three bytes a character still fit into an item of the store. */
const LONGEST = 64 * 1024;

type KeptRecord = Pick<QuarantinedRow, 'raw' | 'rest' | 'problems'>;

/** A record that could be read but does not fit, as it is kept in quarantine. */
export function keptRecord(fields: Fields): KeptRecord {
  const { names, problemOf } = fields;
  const text = JSON.stringify(Object.fromEntries(names.map((name) => [name, fields.get(name) ?? null])));
  const raw = text.slice(0, SHOWN);
  if (text.length > LONGEST) return { raw };
  const problems = names.flatMap((name): [string, string][] => {
    const problem = problemOf?.(name);
    return problem === undefined ? [] : [[name, problem]];
  });
  return { raw, rest: text.slice(SHOWN), ...(problems.length > 0 ? { problems } : {}) };
}

/** The record of a row in quarantine; undefined: it could not be read, or was too long to be kept. */
export function recordOf({ raw, rest, problems }: KeptRecord): Fields | undefined {
  if (rest === undefined) return undefined;
  const values = parseJson(raw + rest) as { readonly [name: string]: JsonValue };
  const found = problems && new Map(problems);
  return {
    names: Object.keys(values),
    get: (name) => (Object.hasOwn(values, name) ? values[name] : undefined),
    ...(found ? { problemOf: (name: string) => found.get(name) } : {}),
  };
}

/** A record with null for its texts that mean "no value" by now; such a one is no problem, whatever it was. */
export function withNullWords(record: Fields, words: ReadonlySet<string>): Fields {
  if (words.size === 0) return record;
  const isNull = (name: string) => {
    const value = record.get(name);
    return typeof value === 'string' && words.has(value.trim());
  };
  return {
    names: record.names,
    get: (name) => (isNull(name) ? null : record.get(name)),
    problemOf: (name) => (isNull(name) ? undefined : record.problemOf?.(name)),
  };
}
