import type { JsonValue } from '../json.ts';
import { pathOfName } from '../mapping/field-path.ts';
import type { MappingConfig } from '../mapping/mapping-config.ts';
import type { Fields } from '../source.ts';
import type { Choice } from './choice.ts';
import { guessKey, LONGEST_NAME } from './key.ts';
import { guessTimeFormat } from './time-format.ts';

const observed = /observ|measur|record|sampl|time|date|hour|stamp|created|updated/i;
/** Names that nobody gives to what does not identify a record. */
const surelyId = /^(_?id|uuid|guid)$/i;

/**
 * Finds the time and the key of records whose values have types of their own: those stay as they are, so the mapping
 * names no fields.
 */
export function mapValues(
  records: readonly Fields[],
  isWhole: boolean,
): { readonly mapping: MappingConfig; readonly choices: readonly Choice[] } {
  const all = [...new Set(records.flatMap((record) => record.names))];
  const names = all.filter((name) => pathOfName(name).length <= LONGEST_NAME);
  const choices: Choice[] = [];
  const time = timeIn(names, records);
  if (time) choices.push(time);
  const sure = names.find((name) => surelyId.test(name));
  const rows = (columns: readonly string[]) =>
    records.map((record) => columns.map((name) => textOf(record.get(name) ?? null)));
  const key = sure === undefined ? undefined : guessKey([sure], rows([sure]), true);
  const columns = names.filter((name) => !isFraction(records, name));
  const found = key ? { ...key, confidence: 0.9 } : guessKey(columns, rows(columns), isWhole);
  const named = found && { ...found, value: found.value.map(pathOfName) };
  if (named) choices.push(named);
  const evidence = `${all.length} fields in ${records.length} records, each with a type of its own`;
  choices.push({ path: 'mapping.fields', value: null, evidence, confidence: 0.9 });
  return { mapping: { ...(time ? { timestamp: time.value } : {}), ...(named ? { key: named.value } : {}) }, choices };
}

type TimeChoice = Choice & { readonly value: { readonly from: string; readonly format: string } };

function timeIn(names: readonly string[], records: readonly Fields[]): TimeChoice | undefined {
  const times = names.flatMap((from): TimeChoice[] => {
    const values = records.map((record) => record.get(from) ?? null).filter((value) => value !== null);
    const time = values.some(isObject) ? undefined : guessTimeFormat(from, values.map(textOf));
    if (time === undefined) return [];
    const { format, evidence, confidence } = time;
    return [{ path: 'mapping.timestamp', value: { from: pathOfName(from), format }, evidence, confidence }];
  });
  return times.find(({ value }) => observed.test(value.from)) ?? times[0];
}

const isObject = (value: JsonValue) => typeof value === 'object';
const textOf = (value: JsonValue) => (value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value));
/** Measured values may be all different by chance, and lists are no identity. */
const isFraction = (records: readonly Fields[], name: string) =>
  records.some((record) => {
    const value = record.get(name) ?? null;
    return value !== null && (isObject(value) || (typeof value === 'number' && !Number.isInteger(value)));
  });
