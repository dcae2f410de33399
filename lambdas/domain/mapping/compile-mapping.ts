import type { DataPoint } from '../destination.ts';
import type { JsonValue } from '../json.ts';
import type { Fields } from '../source.ts';
import { type Converter, fieldConverter, typeWords } from './field-converter.ts';
import { invalidConfiguration } from './invalid-configuration.ts';
import type { MappingConfig, NumberStyle } from './mapping-config.ts';
import { pointId } from './point-id.ts';
import { refusingProblems } from './refuse-problems.ts';

/** Makes a data point of a record; or tells, naming the field, why its values don't fit. */
export type MapRecord = (fields: Fields, row: number) => DataPoint | { readonly rejected: string };

export type MappingContext = {
  /** The columns that the source has. */
  readonly names: readonly string[];
  readonly numberStyle: NumberStyle;
  readonly wrapperId: string;
  /** The version of the source: with the row number it identifies records without a key. */
  readonly version: string;
};

type CompiledField = {
  readonly from: string;
  /** `"name":` as JSON, with a comma before all but the first. */
  readonly prefix: string;
  readonly convert: Converter;
  /** What a value that can't be converted is not. */
  readonly expected: string;
};

/** Characters of a value that are shown in a message. */
const SHOWN = 100;

/**
 * Prepares a mapping for a source with these columns, once per run. Throws `RunFailure` `refused` with
 * `Invalid wrapper configuration: mapping.…` when it names a column that isn't there, or a format that can't be used.
 */
export function compileMapping(config: MappingConfig, context: MappingContext): MapRecord {
  const fields = compiledFields(config, context);
  const timestamp = compiledTimestamp(config, context);
  const identify = identifier(config, context);

  return refusingProblems((record, row) => {
    let data = '';
    for (const field of fields) {
      const value = record.get(field.from) ?? null;
      const json = field.convert(value);
      if (json === undefined) return misfit(field, value);
      data += field.prefix;
      data += json;
    }
    let time = 'null';
    if (timestamp !== undefined) {
      const value = record.get(timestamp.from) ?? null;
      const json = timestamp.convert(value);
      if (json === undefined) return misfit(timestamp, value);
      time = json;
    }
    const id = identify(record, row);
    if (typeof id !== 'string') return id;
    return { id, json: `{"id":"${id}","timestamp":${time},"data":{${data}}}` };
  });
}

function compiledFields(config: MappingConfig, { names, numberStyle }: MappingContext): CompiledField[] {
  if (config.fields === undefined) {
    return names.map((from, index) => ({
      from,
      prefix: prefixOf(from, index),
      convert: JSON.stringify as Converter,
      expected: '',
    }));
  }
  const taken = new Map<string, number>();
  return config.fields.map((field, index) => {
    const path = `mapping.fields[${index}]`;
    requireColumn(field.from, `${path}.from`, names);
    const to = field.to ?? field.from;
    const first = taken.get(to);
    if (first !== undefined) throw invalidConfiguration(`${path}.to`, `"${to}" is already mapping.fields[${first}]`);
    taken.set(to, index);
    return {
      from: field.from,
      prefix: prefixOf(to, index),
      convert: fieldConverter(field, numberStyle, path),
      expected: typeWords[field.type],
    };
  });
}

const prefixOf = (name: string, index: number) => `${index === 0 ? '' : ','}${JSON.stringify(name)}:`;

function compiledTimestamp(config: MappingConfig, context: MappingContext): CompiledField | undefined {
  if (config.timestamp === undefined) return undefined;
  const { from, format, zone } = config.timestamp;
  requireColumn(from, 'mapping.timestamp.from', context.names);
  const convert = fieldConverter({ type: 'timestamp', format, zone }, context.numberStyle, 'mapping.timestamp');
  return { from, prefix: '', convert, expected: typeWords.timestamp };
}

function identifier(config: MappingConfig, { names, wrapperId, version }: MappingContext) {
  const { key } = config;
  if (key === undefined) {
    return (_record: Fields, row: number) => pointId(wrapperId, 'row', JSON.stringify([version, row]));
  }
  for (const [index, column] of key.entries()) requireColumn(column, `mapping.key[${index}]`, names);
  return (record: Fields) => {
    const values: JsonValue[] = [];
    for (const column of key) {
      const value = record.get(column) ?? null;
      if (value === null) return { rejected: `field "${column}" is part of the key and has no value` };
      values.push(value);
    }
    return pointId(wrapperId, 'key', JSON.stringify(values));
  };
}

function requireColumn(name: string, path: string, names: readonly string[]): void {
  // An empty file has no columns, but no record either that could miss them.
  if (names.length === 0 || names.includes(name)) return;
  const shown = names.slice(0, 20).join(', ') + (names.length > 20 ? `, … ${names.length - 20} more` : '');
  throw invalidConfiguration(path, `no column "${name}" (columns: ${shown})`);
}

function misfit(field: CompiledField, value: JsonValue): { rejected: string } {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
  return { rejected: `field "${field.from}": ${JSON.stringify(shown)} is not ${field.expected}` };
}
