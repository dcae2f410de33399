import type { Choice } from './choice.ts';

/** Of a field that a mapping can name, in characters. */
export const LONGEST_NAME = 1000;
/** Rows that tell enough of a file that was not seen whole. */
const ENOUGH_ROWS = 50;
/** A column with another name may be unique by chance. */
const ENOUGH_UNNAMED = 10;
const namesId = /(^|[^a-z])(id|uuid|guid|key|code|number|nr|no)$|[a-z]I[dD]$/;
const isId = (name: string) => namesId.test(name) || namesId.test(name.toLowerCase());

/**
 * The column whose values identify a row: unique and never missing. A key that is none would make different rows one,
 * so without the whole file it takes many rows and a name that says so, and in doubt there is none.
 *
 * `rows` hold the cells in the order of `names`, as text; missing ones are empty.
 */
export function guessKey(
  names: readonly string[],
  rows: readonly (readonly string[])[],
  isWhole: boolean,
): (Choice & { readonly value: string[] }) | undefined {
  if (rows.length < 2) return undefined;
  const unique = names.filter((_, column) => isUnique(rows.map((cells) => cells[column] ?? '')));
  const named = unique.find(isId);
  const key = named ?? (isWhole && rows.length >= ENOUGH_UNNAMED ? unique[0] : undefined);
  if (key === undefined || (!isWhole && rows.length < ENOUGH_ROWS)) return undefined;
  const seen = isWhole ? `all ${rows.length} rows` : `${rows.length} rows that were looked at`;
  const evidence = `a value of its own in ${seen}`;
  return { path: 'mapping.key', value: [key], evidence, confidence: named === undefined ? 0.6 : isWhole ? 0.9 : 0.8 };
}

function isUnique(values: readonly string[]): boolean {
  return values.every((value) => value.trim() !== '') && new Set(values).size === values.length;
}
