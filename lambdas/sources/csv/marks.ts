import { RunFailure } from '../../domain/errors.ts';
import type { CsvOptions } from './config.ts';
import { type Encoding, encodingOf } from './encoding.ts';
import { type Dialect, unitOf } from './units.ts';

/** @throws RunFailure for an encoding that is not known here. */
export function encodingFor(label: string): Encoding {
  const encoding = encodingOf(label);
  if (encoding !== undefined) return encoding;
  throw invalidOption('encoding', `"${label}" is not an encoding that is known here`);
}

/** The marks that are given, and the usual ones for the others. @throws RunFailure for marks that can't be used. */
export function marksFor(options: CsvOptions, encoding: Encoding): Omit<Dialect, 'crEndsRow'> {
  const { delimiter = ',', quote = '"' } = options;
  const marks = { delimiter, quote, escape: options.escape ?? quote };
  for (const [name, character] of Object.entries(marks)) {
    if (character === '\n' || character === '\r') throw invalidOption(name, 'must not end a row');
    if (unitOf(character, encoding) === undefined) {
      throw invalidOption(name, `"${character}" is not a single byte in ${encoding.name}`);
    }
  }
  if (delimiter === quote || delimiter === marks.escape)
    throw invalidOption('delimiter', 'must differ from quote and escape');
  return marks;
}

function invalidOption(name: string, why: string): RunFailure {
  return new RunFailure('refused', `Invalid wrapper configuration: source.options.${name}: ${why}`);
}
