import type { JsonValue } from '../json.ts';

/** Something that was found out and not told: what speaks for it, and how sure it is, from 0 to 1. */
export type Choice = {
  /** Where it goes in a definition, such as `source.options.delimiter`. */
  readonly path: string;
  readonly value: JsonValue;
  /** For people: counts and examples, not reasoning. */
  readonly evidence: string;
  readonly confidence: number;
};

/** How far a rule that all of so many values follow can be trusted for those that were not seen. */
export function confidenceOf(values: number): number {
  if (values >= 50) return 0.98;
  if (values >= 10) return 0.9;
  return values >= 3 ? 0.8 : 0.6;
}
