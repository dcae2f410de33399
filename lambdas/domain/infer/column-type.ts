import type { FieldType, NumberStyle } from '../mapping/mapping-config.ts';
import { numberParser } from '../mapping/number-parser.ts';
import { confidenceOf } from './choice.ts';
import { guessTimeFormat } from './time-format.ts';

export type GuessedType = {
  readonly type: FieldType;
  /** Of a timestamp. */
  readonly format?: string;
  readonly evidence: string;
  readonly confidence: number;
};

/** Digits that nobody adds up: a later value may begin with a zero. */
const namesDigits = /phone|fax|zip|postal|postcode|plz|code|isbn|issn|iban|account/i;

/** A type that all values of a column have; text when in doubt, and where a number would lose its leading zeros. */
export function guessType(name: string, values: readonly string[], style: NumberStyle): GuessedType {
  if (values.length === 0) return { type: 'string', evidence: 'no values', confidence: 0.5 };
  const example = JSON.stringify((values[0] as string).slice(0, 40));
  const evidence = `all ${values.length} values, such as ${example}`;
  const confidence = confidenceOf(values.length);
  const time = guessTimeFormat(name, values);
  if (time !== undefined) return { type: 'timestamp', ...time };
  const zeros = values.find((text) => /^[+-]?0\d/.test(text.trim()));
  if (zeros !== undefined) {
    const why = `${JSON.stringify(zeros.slice(0, 40))} would lose its leading zeros as a number`;
    return { type: 'string', evidence: why, confidence: 0.95 };
  }
  if (values.every((text) => /^(true|false)$/i.test(text.trim()))) return { type: 'boolean', evidence, confidence };
  if (namesDigits.test(name))
    return { type: 'string', evidence: `its name, and values such as ${example}`, confidence: 0.8 };
  const number = numberParser(style);
  const numbers = values.map((text) => (/^[^a-z]*$/i.test(text) ? number(text) : undefined));
  if (numbers.includes(undefined)) return { type: 'string', evidence: `values such as ${example}`, confidence: 0.95 };
  const isWhole = numbers.every((json) => /^-?\d+$/.test(String(json)));
  return { type: isWhole ? 'integer' : 'number', evidence, confidence };
}
