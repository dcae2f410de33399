import type { JsonValue } from '../json.ts';
import type { Fields } from '../source.ts';
import { parsePath, valueAt } from './field-path.ts';
import { invalidConfiguration } from './invalid-configuration.ts';

/** The value that a record has in one of its fields; null where it has none. */
export type FieldReader = (record: Fields) => JsonValue;

/**
 * How `from` is read. Where the source has columns (`names`), it is one of them by its exact
 * name (`requireColumns`). Records of their own
 * make (`names` null) are read by exact name first and by path otherwise, and may lack any field. `path` names the
 * setting in the definition, for messages.
 */
export function fieldReader(from: string, names: readonly string[] | null, path: string): FieldReader {
  if (names !== null) return (record) => record.get(from) ?? null;
  const steps = parsePath(from);
  if (steps === undefined) {
    throw invalidConfiguration(path, `"${from}" is not a path such as owner.login, tags[0] or ["odd.name"]`);
  }
  const [first, ...within] = steps;
  const top = String(first);
  return (record) => record.get(from) ?? valueAt(record.get(top), within) ?? null;
}
