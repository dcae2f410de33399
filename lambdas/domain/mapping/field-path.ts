import { isExactNumber, type JsonValue } from '../json.ts';

/** Steps from a record to a value in it: names of fields, and indices of lists. */
export type FieldPath = readonly (string | number)[];

const step = /(?:^|(?<=.)\.)(?<name>[^.[\]]+)|\[(?:(?<index>\d{1,9})|(?<quoted>"(?:[^"\\]|\\.)*"))\]/y;

/** Reads `owner.login`, `tags[0].name` or `["name.with.dots"].x`; undefined: not a path. */
export function parsePath(text: string): FieldPath | undefined {
  const steps: (string | number)[] = [];
  step.lastIndex = 0;
  while (step.lastIndex < text.length) {
    const groups = step.exec(text)?.groups;
    if (groups === undefined) return undefined;
    const { name, index, quoted } = groups;
    const found = index === undefined ? (name ?? unquoted(quoted as string)) : Number(index);
    if (found === undefined) return undefined;
    steps.push(found);
  }
  return steps.length === 0 ? undefined : steps;
}

/** A field of exactly that name, as a path. */
export function pathOfName(name: string): string {
  return parsePath(name) === undefined ? `[${JSON.stringify(name)}]` : name;
}

/** The value at the end of a path; undefined when it leads nowhere. Only what a value has of its own counts. */
export function valueAt(value: JsonValue | undefined, path: FieldPath): JsonValue | undefined {
  let at = value;
  for (const next of path) {
    if (at === undefined || at === null || typeof at !== 'object' || isExactNumber(at)) return undefined;
    const isFound = Array.isArray(at) ? typeof next === 'number' : typeof next === 'string' && Object.hasOwn(at, next);
    at = isFound ? (at as { readonly [key: string | number]: JsonValue })[next] : undefined;
  }
  return at;
}

function unquoted(text: string): string | undefined {
  try {
    return JSON.parse(text) as string;
  } catch {
    return undefined;
  }
}
