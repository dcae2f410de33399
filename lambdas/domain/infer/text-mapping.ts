import type { FieldMapping, MappingConfig, NumberStyle } from '../mapping/mapping-config.ts';
import type { Choice } from './choice.ts';
import { type GuessedType, guessType } from './column-type.ts';
import { guessKey, LONGEST_NAME } from './key.ts';

/** A table of text, as CSV gives it. */
export type TextTable = {
  readonly names: readonly string[];
  /** Cells in the order of the names; null where there is no value. */
  readonly rows: readonly (readonly (string | null)[])[];
  /** Those are all rows that there are. */
  readonly isWhole: boolean;
  readonly numberStyle: NumberStyle;
};

const observed = /observ|measur|record|sampl|time|date|hour|stamp|created/i;
const canBeNamed = (name: string) => name !== '' && name.length <= LONGEST_NAME;
/** Says where a time without an offset is; nobody but the one who knows the source can tell. */
const ANY_ZONE = 'without an offset taken for UTC (zone)';

/** Types every column, and finds the time and the key of a row. */
export function mapText(table: TextTable): { readonly mapping: MappingConfig; readonly choices: readonly Choice[] } {
  const { names, rows, numberStyle } = table;
  const types = names.map((name, column) => {
    const values = rows.map((cells) => cells[column] ?? null).filter((cell) => cell !== null);
    return { name, guess: hedged(guessType(name, values, numberStyle), values) };
  });
  const fields = types.map(({ name, guess: { type, format } }): FieldMapping & { from: string } => {
    return { from: name, type, ...(format === undefined ? {} : { format }) };
  });
  const times = types.filter(({ name, guess }) => guess.type === 'timestamp' && canBeNamed(name));
  const time = times.find(({ name }) => observed.test(name)) ?? times[0];
  const timestamp = time && { from: time.name, format: time.guess.format ?? 'iso' };
  const text = rows.map((cells) => cells.map((cell) => cell ?? ''));
  const found = guessKey(names, text, table.isWhole);
  const key = found?.value.every(canBeNamed) ? found : undefined;
  // Without fields, every column is delivered under its own name, however long that is.
  const isNamed = names.every(canBeNamed);
  const choices: Choice[] = (isNamed ? types : []).map(({ guess: { type, evidence, confidence } }, index) => {
    return { path: `mapping.fields[${index}].type`, value: type, evidence, confidence };
  });
  if (time && timestamp) {
    const { evidence, confidence } = time.guess;
    choices.push({ path: 'mapping.timestamp', value: timestamp, evidence, confidence });
  }
  if (key) choices.push(key);
  return {
    mapping: {
      ...(isNamed ? { fields } : {}),
      ...(timestamp ? { timestamp } : {}),
      ...(key ? { key: key.value } : {}),
    },
    choices,
  };
}

function hedged(guess: GuessedType, values: readonly string[]): GuessedType {
  const isEpoch = guess.format?.startsWith('epoch') === true;
  const hasOffset = values.every((text) => /(Z|[+-]\d\d(:?\d\d)?)$/i.test(text.trim()) && /\d:\d/.test(text));
  if (guess.type !== 'timestamp' || isEpoch || hasOffset) return guess;
  return { ...guess, evidence: `${guess.evidence}; ${ANY_ZONE}`, confidence: Math.min(guess.confidence, 0.7) };
}
