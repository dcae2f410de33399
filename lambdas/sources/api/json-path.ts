import type { JsonValue } from '../../domain/json.ts';
import { memberOf } from './member-of.ts';

/** Takes values out of a body. */
export type JsonPath = {
  /** The value at the path; undefined: not there. With `[*]`: the list that it goes over. */
  readonly value: (body: JsonValue) => JsonValue | undefined;
  /** The rest of the path after `[*]`, from each item; undefined: there is no `[*]`. */
  readonly item: ((item: JsonValue) => JsonValue | undefined) | undefined;
};

const step =
  /^(?:\.(?<name>[^.[\]]+)|\[(?<index>\d{1,9})\]|\['(?<quoted>[^']+)'\]|\["(?<double>[^"]+)"\]|(?<all>\[\*\]))/;

/**
 * Reads a path such as `$.data[*]`, `$[1][*]`, `$.a['odd.name'][*].b`, `meta.next`: names, indexes and one `[*]`.
 * Undefined: it isn't one.
 */
export function jsonPath(text: string): JsonPath | undefined {
  let rest = text.startsWith('$') ? text.slice(1) : /^[[.]/.test(text) ? text : `.${text}`;
  const before: (string | number)[] = [];
  let after: (string | number)[] | undefined;
  while (rest !== '') {
    const match = step.exec(rest);
    if (match?.groups === undefined) return undefined;
    const { name, index, quoted, double, all } = match.groups;
    rest = rest.slice(match[0].length);
    if (all === undefined)
      (after ?? before).push(index === undefined ? ((name ?? quoted ?? double) as string) : Number(index));
    else if (after === undefined) after = [];
    else return undefined;
  }
  const follow = (steps: readonly (string | number)[]) => (value: JsonValue) =>
    steps.reduce<JsonValue | undefined>((at, key) => (at === undefined ? undefined : memberOf(at, key)), value);
  return { value: follow(before), item: after && follow(after) };
}
