import type { JsonValue } from '../json.ts';
import type { Fields } from '../source.ts';
import { fieldConverter, textOf, typeWords } from './field-converter.ts';
import { type FieldReader, fieldReader } from './field-reader.ts';
import { invalidConfiguration } from './invalid-configuration.ts';
import type { FieldMapping, MappingConfig, NumberStyle } from './mapping-config.ts';
import { LONGEST_MATCHED, patternMatcher } from './pattern-matcher.ts';
import { parseTemplate, type TemplateField } from './template.ts';
import { type TimestampParser, timestampParser } from './timestamp-parser.ts';

/** Why a record can't become a data point. */
export type Misfit = { readonly rejected: string };

/** A field's value in the data point, as JSON text. */
export type FieldWriter = (record: Fields) => string | Misfit;

/** What fields are compiled for. */
export type FieldContext = {
  /** The columns that the source has; null: each record has its own. */
  readonly names: readonly string[] | null;
  readonly numberStyle: NumberStyle;
};

type TextReader = (record: Fields) => string | null | Misfit;

/** Characters of a value that are shown in a message. */
const SHOWN = 100;

/** `path` names the field in the definition, for messages. */
export function compileField(
  field: FieldMapping,
  context: FieldContext,
  timestamp: MappingConfig['timestamp'],
  path: string,
): FieldWriter {
  const { from, value, template, match } = field;
  const ways = [from, value, template].filter((way) => way !== undefined).length;
  if (ways !== 1) throw invalidConfiguration(path, 'needs exactly one of from, value and template');
  if (match !== undefined && from === undefined) throw invalidConfiguration(`${path}.match`, 'goes with from only');
  if (from === undefined && template === undefined) return constant(field, value as JsonValue, context, path);
  const convert = converter(writtenAs(field, timestamp), context, path);
  if (template !== undefined) return ofText(templateReader(template, context, timestamp, path), convert);
  const read = fieldReader(from as string, context.names, `${path}.from`);
  if (match !== undefined) return ofText(matching(from as string, read, match, path), convert);
  return (record) => convert(read(record));
}

/** A time in the field that the timestamp is read from is written as that one, where nothing else is said. */
function writtenAs(field: FieldMapping, timestamp: MappingConfig['timestamp']): FieldMapping {
  if (field.type !== 'timestamp' || field.match !== undefined || field.from !== timestamp?.from) return field;
  return { ...field, format: field.format ?? timestamp?.format, zone: field.zone ?? timestamp?.zone };
}

function converter(field: FieldMapping, { numberStyle }: FieldContext, path: string) {
  const type = field.type ?? 'string';
  const convert = fieldConverter({ ...field, type }, numberStyle, path);
  const name = field.from ?? field.to ?? '';
  return (value: JsonValue) => convert(value) ?? misfit(name, value, `is not ${typeWords[type]}`);
}

function ofText(read: TextReader, convert: (value: JsonValue) => string | Misfit): FieldWriter {
  return (record) => {
    const text = read(record);
    return isMisfit(text) ? text : convert(text);
  };
}

function constant(field: FieldMapping, value: JsonValue, { numberStyle }: FieldContext, path: string): FieldWriter {
  const type = field.type ?? 'json';
  const json = fieldConverter({ ...field, type }, numberStyle, path)(value);
  if (json === undefined)
    throw invalidConfiguration(`${path}.value`, `${JSON.stringify(value)} is not ${typeWords[type]}`);
  return () => json;
}

function matching(name: string, read: FieldReader, pattern: string, path: string): TextReader {
  const take = patternMatcher(pattern, `${path}.match`);
  return (record) => {
    const text = textOf(read(record));
    if (text === null) return null;
    if (text.length > LONGEST_MATCHED) return misfit(name, text, `is too long to match, ${text.length} characters`);
    const taken = take(text);
    return taken === undefined ? misfit(name, text, `does not match ${pattern}`) : taken;
  };
}

/** Text of several fields. One that has no value leaves nothing to put together: the result is null. */
function templateReader(
  text: string,
  { names }: FieldContext,
  timestamp: MappingConfig['timestamp'],
  path: string,
): TextReader {
  const place = `${path}.template`;
  const template = parseTemplate(text);
  if ('problem' in template) throw invalidConfiguration(place, template.problem);
  const parts = template.map((part) =>
    typeof part === 'string' ? () => part : partReader(part, names, timeParser(part.field, timestamp, place), place),
  );
  return (record) => {
    let made = '';
    for (const read of parts) {
      const value = read(record);
      if (typeof value !== 'string') return value;
      made += value;
    }
    return made;
  };
}

function partReader(
  { field, calls }: TemplateField,
  names: FieldContext['names'],
  parseTime: TimestampParser,
  place: string,
): TextReader {
  const read = fieldReader(field, names, place);
  return (record) => {
    let text = textOf(read(record));
    for (const { apply, expected } of calls) {
      const made = apply(text, parseTime);
      if (made === undefined) return misfit(field, text, `is not ${expected}`);
      text = made;
    }
    return text;
  };
}

/** The field that the timestamp is read from is written as the timestamp says; all other times are ISO. */
function timeParser(field: string, timestamp: MappingConfig['timestamp'], place: string): TimestampParser {
  return timestamp?.from === field
    ? timestampParser(timestamp.format, timestamp.zone, 'mapping.timestamp')
    : timestampParser('iso', undefined, place);
}

function isMisfit(text: string | null | Misfit): text is Misfit {
  return typeof text === 'object' && text !== null;
}

/** The reason names the field and shows the value, cut to what is enough to recognise it. */
function misfit(name: string, value: JsonValue, why: string): Misfit {
  const text = textOf(value) ?? '';
  const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
  return { rejected: `field "${name}": ${JSON.stringify(shown)} ${why}` };
}
