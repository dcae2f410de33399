import type { JsonValue } from '../json.ts';
import type { Fields } from '../source.ts';
import { compileField, type FieldContext, type FieldWriter, type Misfit } from './compile-field.ts';
import { fieldReader } from './field-reader.ts';
import { invalidConfiguration } from './invalid-configuration.ts';
import type { MapRecord } from './map-record.ts';
import type { MappingConfig } from './mapping-config.ts';
import { pointId } from './point-id.ts';
import { refusingProblems } from './refuse-problems.ts';
import { requireColumns } from './require-columns.ts';

export type MappingContext = FieldContext & {
  readonly wrapperId: string;
  /** The version of the source: with the row number it identifies records without a key. */
  readonly version: string;
};

/**
 * Prepares a mapping for a source with these columns, once per run. Throws `RunFailure` `refused` with
 * `Invalid wrapper configuration: mapping.…` with every column that isn't there, or something that can't be used.
 */
export function compileMapping(config: MappingConfig, context: MappingContext): MapRecord {
  requireColumns(config, context.names);
  const data = dataWriter(config, context);
  const time = timeWriter(config, context);
  const identify = identifier(config, context);

  return refusingProblems((record, row) => {
    const fields = data(record);
    if (typeof fields !== 'string') return fields;
    const timestamp = time(record);
    if (typeof timestamp !== 'string') return timestamp;
    const id = identify(record, row);
    if (typeof id !== 'string') return id;
    return { id, json: `{"id":"${id}","timestamp":${timestamp},"data":{${fields}}}` };
  });
}

/** Writes the inside of `data`. */
function dataWriter({ fields, timestamp }: MappingConfig, context: MappingContext): FieldWriter {
  if (fields === undefined) return context.names === null ? everyField : everyColumn(context.names);
  const taken = new Map<string, number>();
  const writers = fields.map((field, index) => {
    const path = `mapping.fields[${index}]`;
    const to = field.to ?? field.from;
    if (to === undefined) throw invalidConfiguration(`${path}.to`, 'is required without from');
    const first = taken.get(to);
    if (first !== undefined) throw invalidConfiguration(`${path}.to`, `"${to}" is already mapping.fields[${first}]`);
    taken.set(to, index);
    return { prefix: prefixOf(to, index), write: compileField(field, context, timestamp, path) };
  });
  return (record) => {
    let data = '';
    for (const { prefix, write } of writers) {
      const json = write(record);
      if (typeof json !== 'string') return json;
      data += prefix;
      data += json;
    }
    return data;
  };
}

function everyColumn(names: readonly string[]): FieldWriter {
  const columns = names.map((name, index) => ({ name, prefix: prefixOf(name, index) }));
  return (record) => {
    let data = '';
    for (const { name, prefix } of columns) data += prefix + JSON.stringify(record.get(name) ?? null);
    return data;
  };
}

const everyField: FieldWriter = (record) =>
  record.names.map((name, index) => prefixOf(name, index) + JSON.stringify(record.get(name) ?? null)).join('');

const prefixOf = (name: string, index: number) => `${index === 0 ? '' : ','}${JSON.stringify(name)}:`;

function timeWriter({ timestamp }: MappingConfig, context: MappingContext): FieldWriter {
  if (timestamp === undefined) return () => 'null';
  return compileField({ ...timestamp, type: 'timestamp' }, context, timestamp, 'mapping.timestamp');
}

function identifier({ key }: MappingConfig, { names, wrapperId, version }: MappingContext) {
  if (key === undefined) {
    return (_record: Fields, row: number) => pointId(wrapperId, 'row', JSON.stringify([version, row]));
  }
  const parts = key.map((from, index) => ({ from, read: fieldReader(from, names, `mapping.key[${index}]`) }));
  return (record: Fields): string | Misfit => {
    const values: JsonValue[] = [];
    for (const { from, read } of parts) {
      const value = read(record);
      if (value === null) return { rejected: `field "${from}" is part of the key and has no value` };
      values.push(value);
    }
    return pointId(wrapperId, 'key', JSON.stringify(values));
  };
}
