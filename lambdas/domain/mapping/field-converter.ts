import type { JsonValue } from '../json.ts';
import { parseBoolean } from './boolean-parser.ts';
import { invalidConfiguration } from './invalid-configuration.ts';
import type { FieldMapping, FieldType, NumberStyle } from './mapping-config.ts';
import { integerParser, numberParser } from './number-parser.ts';
import { timestampParser } from './timestamp-parser.ts';

/** A value of the source → its JSON text as typed by the mapping; undefined: it doesn't fit. */
export type Converter = (value: JsonValue) => string | undefined;

/** How a type is called when a value isn't one. */
export const typeWords: { readonly [Type in FieldType]: string } = {
  string: 'text',
  number: 'a number',
  integer: 'an integer',
  boolean: 'a boolean',
  timestamp: 'a time',
};

/** `path` names the field in the definition, for messages. */
export function fieldConverter(field: Omit<FieldMapping, 'from'>, style: NumberStyle, path: string): Converter {
  const { type, format, zone } = field;
  if (type !== 'timestamp' && (format ?? zone) !== undefined) {
    const name = format === undefined ? 'zone' : 'format';
    throw invalidConfiguration(`${path}.${name}`, `only a timestamp has one, and the type is ${type}`);
  }
  const convert = textConverter(type, format, zone, style, path);
  return (value) => (value === null ? 'null' : convert(textOf(value)));
}

function textConverter(
  type: FieldType,
  format: string | undefined,
  zone: string | undefined,
  style: NumberStyle,
  path: string,
): (text: string) => string | undefined {
  switch (type) {
    case 'string':
      return JSON.stringify;
    case 'number':
      return numberParser(style);
    case 'integer':
      return integerParser(style);
    case 'boolean':
      return parseBoolean;
    case 'timestamp': {
      const parse = timestampParser(format ?? 'iso', zone, path);
      return (text) => {
        const time = parse(text);
        return time === undefined ? undefined : `"${time}"`;
      };
    }
  }
}

/** Values that are not text, as API records have them, are read by what they look like in JSON. */
function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
