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
  json: 'JSON',
};

type Typing = Pick<FieldMapping, 'format' | 'zone'> & { readonly type: FieldType };

/** `path` names the field in the definition, for messages. */
export function fieldConverter(typing: Typing, style: NumberStyle, path: string): Converter {
  const { type, format, zone } = typing;
  if (type !== 'timestamp' && (format ?? zone) !== undefined) {
    const name = format === undefined ? 'zone' : 'format';
    throw invalidConfiguration(`${path}.${name}`, `only a timestamp has one, and the type is ${type}`);
  }
  if (type === 'json') return JSON.stringify as Converter;
  const ofText = textConverter(typing, style, path);
  // Numbers that are no text are written as JSON writes them, whatever marks the source's text has.
  const ofValue = textConverter(typing, {}, path);
  return (value) => {
    if (value === null) return 'null';
    return typeof value === 'string' ? ofText(value) : ofValue(JSON.stringify(value));
  };
}

/** The text of a value as templates and patterns see it; null stays null. */
export function textOf(value: JsonValue): string | null {
  return value === null || typeof value === 'string' ? value : JSON.stringify(value);
}

function textConverter(
  { type, format, zone }: Typing,
  style: NumberStyle,
  path: string,
): (text: string) => string | undefined {
  switch (type) {
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
    default:
      return JSON.stringify;
  }
}
