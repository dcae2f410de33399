import { isExactNumber, type JsonValue } from '../../domain/json.ts';

/** A member of an object or an item of a list; undefined: not there. Inherited names are no members. */
export function memberOf(value: JsonValue, key: string | number): JsonValue | undefined {
  if (typeof value !== 'object' || value === null || isExactNumber(value)) return undefined;
  if (Array.isArray(value)) return value[Number(key)];
  return Object.hasOwn(value, key) ? (value as { readonly [key: string]: JsonValue })[key] : undefined;
}
