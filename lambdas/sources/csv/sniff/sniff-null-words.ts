import type { Finding } from './finding.ts';

/** What people write where a number is missing. */
const known =
  /^(n\/?a|#n\/a|nan|null|none|nil|missing|unknown|not (reported|available|applicable)|no data|k\.? ?a\.?|s\/d|-+|–|—|\.+|\?+|\*+|x|\(null\)|\\n)$/i;
const number = /^[+-]?[\d.,' \u00a0\u202f]*\d[\d.,' \u00a0\u202f]*(?:e[+-]?\d+)?\s?%?$/i;
/** Longer cells are text, and would take that expression long. */
const LONGEST_NUMBER = 100;
/** Numbers that a column must have before what is none of them counts as missing. */
const FEWEST_NUMBERS = 5;

/** Words that stand in for missing numbers. One that is also met among text is left alone. */
export function sniffNullWords(columns: readonly (readonly string[])[]): Finding<string[]> {
  const words = new Map<string, number>();
  const texts = new Set<string>();
  for (const cells of columns) {
    const values = cells.map((cell) => cell.trim()).filter((cell) => cell !== '');
    const others = values.filter((value) => value.length > LONGEST_NUMBER || !number.test(value));
    const isNumeric = values.length - others.length >= FEWEST_NUMBERS && others.every((value) => known.test(value));
    for (const value of others) {
      if (isNumeric) words.set(value, (words.get(value) ?? 0) + 1);
      else texts.add(value);
    }
  }
  const value = [...words.keys()].filter((word) => !texts.has(word)).sort();
  const counts = value.map((word) => `${JSON.stringify(word)} ${words.get(word)} times`);
  const evidence = value.length === 0 ? 'none' : `in columns that else hold numbers only: ${counts.join(', ')}`;
  return { value, evidence, confidence: value.length === 0 ? 0.9 : 0.85 };
}
