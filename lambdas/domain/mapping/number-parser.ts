import { invalidConfiguration } from './invalid-configuration.ts';
import type { NumberStyle } from './mapping-config.ts';

/** Text of a number in a source → the same number as JSON, with all its digits; undefined: not a number. */
export type NumberParser = (text: string) => string | undefined;

/** Numbers that are JSON already, the great majority: nothing to change. */
const jsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * Reads decimal numbers: sign, digits, thousands marks between groups of digits (the last group has three, others two
 * or three, so that 1.5 is never taken for 15), decimal mark, exponent. Digits never pass through a float.
 */
export function numberParser(style: NumberStyle): NumberParser {
  const { decimal, thousands } = marksOf(style);
  const isPlain = decimal === '.' && thousands === undefined;
  const digits = thousands === undefined ? String.raw`\d+` : groupedDigits(thousands);
  const whole = `(?<whole>${digits})`;
  const fraction = String.raw`(?:${escaped(decimal)}(?<fraction>\d*))`;
  const pattern = new RegExp(
    String.raw`^(?<sign>[+-]?)(?:${whole}${fraction}?|${escaped(decimal)}(?<only>\d+))(?<exponent>[eE][+-]?\d+)?$`,
  );
  return (text) => {
    const trimmed = text.trim();
    if (isPlain && jsonNumber.test(trimmed)) return inRange(trimmed);
    const groups = pattern.exec(trimmed)?.groups;
    return groups === undefined ? undefined : inRange(jsonOf(groups));
  };
}

/** Whole numbers; `12.0` is one, `1e3` is not. */
export function integerParser(style: NumberStyle): NumberParser {
  const number = numberParser(style);
  return (text) => /^(-?\d+)(?:\.0+)?$/.exec(number(text) ?? '')?.[1];
}

function marksOf({ decimal, thousands }: NumberStyle): { decimal: string; thousands: string | undefined } {
  const mark = decimal ?? (thousands === '.' ? ',' : '.');
  for (const [name, value] of Object.entries({ decimal: mark, thousands })) {
    if (value !== undefined && /[\d+\-eE]/.test(value)) {
      throw invalidConfiguration(`source.options.${name}`, `"${value}" is part of a number`);
    }
  }
  if (mark === thousands) throw invalidConfiguration('source.options.thousands', 'must differ from decimal');
  return { decimal: mark, thousands };
}

/** A blank as thousands mark is often one that doesn't break lines. */
function groupedDigits(thousands: string): string {
  const mark = thousands === ' ' ? String.raw`[ \u00a0\u202f]` : escaped(thousands);
  return String.raw`\d{1,3}(?:${mark}\d{2,3})*${mark}\d{3}|\d+`;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function jsonOf(groups: { [name: string]: string | undefined }): string {
  const { sign, whole = '', fraction = groups.only ?? '', exponent = '' } = groups;
  const digits = whole.replace(/\D/g, '').replace(/^0+(?=\d)/, '') || '0';
  return `${sign === '-' ? '-' : ''}${digits}${fraction === '' ? '' : `.${fraction}`}${exponent}`;
}

/** What JSON readers would take for infinite is no number. Short ones without exponent can't be. */
function inRange(json: string): string | undefined {
  return json.length < 300 && !/[eE]/.test(json) ? json : Number.isFinite(Number(json)) ? json : undefined;
}
