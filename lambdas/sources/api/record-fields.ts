import { isExactNumber, type JsonValue } from '../../domain/json.ts';
import type { Fields } from '../../domain/source.ts';
import { jsonPath } from './json-path.ts';
import { memberOf } from './member-of.ts';

export type JsonRecord = { readonly [name: string]: JsonValue };

export function isRecord(item: JsonValue): item is JsonRecord {
  return typeof item === 'object' && item !== null && !Array.isArray(item) && !isExactNumber(item);
}

/** The fields of a record, by their own names. */
export function recordFields(record: JsonRecord): Fields {
  return {
    names: Object.keys(record),
    get: (name) => memberOf(record, name),
  };
}

/** A field by its own name, else by a path such as `user.id` or `tags[0]`. */
export function fieldOf(record: JsonRecord, name: string): JsonValue | undefined {
  const own = memberOf(record, name);
  return own === undefined && /[.[]/.test(name) ? pathOf(name)?.value(record) : own;
}

/** The same few paths are asked for in each record. */
const paths = new Map<string, ReturnType<typeof jsonPath>>();
const MOST_PATHS = 1000;

function pathOf(name: string): ReturnType<typeof jsonPath> {
  if (!paths.has(name)) {
    if (paths.size >= MOST_PATHS) paths.clear();
    paths.set(name, jsonPath(name));
  }
  return paths.get(name);
}
