import type { EventPattern } from '../template/model.ts';

/** Where a rule's pattern uses more than exact values: `.detail.status: why`, one per place. */
export function findPatternProblems(pattern: unknown, path = ''): string[] {
  if (Array.isArray(pattern)) {
    const isPlain = pattern.every((value) => value === null || typeof value !== 'object');
    return isPlain ? [] : [`${path}: only exact values are matched (no prefix, anything-but, numeric, …)`];
  }
  if (typeof pattern !== 'object' || pattern === null) return [`${path}: a list of values is needed`];
  return Object.entries(pattern).flatMap(([field, nested]) =>
    field === '$or' ? [`${path}.$or is not supported`] : findPatternProblems(nested, `${path}.${field}`),
  );
}

/** Whether an event has, at every field of the pattern, one of its values; of an array, one item must. */
export function matchesPattern(pattern: EventPattern, event: unknown): boolean {
  if (typeof event !== 'object' || event === null) return false;
  return Object.entries(pattern).every(([field, expected]) => {
    const actual = Object.hasOwn(event, field) ? (event as Record<string, unknown>)[field] : undefined;
    if (!isValues(expected)) return matchesPattern(expected, actual);
    const values = Array.isArray(actual) ? actual : [actual];
    return values.some((value) => expected.includes(value));
  });
}

function isValues(expected: EventPattern[string]): expected is readonly (string | number | boolean | null)[] {
  return Array.isArray(expected);
}
