import { timestampParser } from '../mapping/timestamp-parser.ts';
import { confidenceOf } from './choice.ts';

export type GuessedTime = { readonly format: string; readonly evidence: string; readonly confidence: number };

const dates = [
  ...['yyyy/MM/dd', 'yyyy/M/d', 'yyyy.MM.dd', 'yyyy-M-d'],
  ...['.', '/', '-'].flatMap((mark) =>
    ['dd#MM#yyyy', 'd#M#yyyy', 'MM#dd#yyyy', 'M#d#yyyy', 'dd#MM#yy', 'd#M#yy', 'MM#dd#yy', 'M#d#yy'].map((pattern) =>
      pattern.replaceAll('#', mark),
    ),
  ),
];
const times = ['', ' HH:mm', ' HH:mm:ss', ' H:mm', ' H:mm:ss', ' HH:mm:ss.SSS'];
const formats = ['iso', ...dates.flatMap((date) => times.map((time) => `${date}${time}`))];

const namesTime =
  /(^|_|\b)(time|timestamp|date|datetime|epoch|created|updated|ts)(_|\b|$)|_at$|(Time|Date|At|Timestamp)$/;
/** How all dates begin, so that the formats need not be tried on what is none. */
const date = /^\s*\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}/;
/** From 2001 to 2065, so that counts and ids are seldom taken for times. */
const EPOCH = { from: 1e9, to: 3e9 };

/**
 * The format that all values of a column are written in (see `timestampParser`); undefined: it holds no times, or day
 * and month could as well be the other way round.
 */
export function guessTimeFormat(name: string, values: readonly string[]): GuessedTime | undefined {
  const [first] = values;
  if (first === undefined) return undefined;
  const epoch = epochFormat(name, values);
  if (epoch === undefined && !date.test(first)) return undefined;
  const fitting = epoch === undefined ? formats.filter((format) => fits(format, first)) : [epoch];
  const whole = fitting.filter((format) => values.every((value) => fits(format, value)));
  const [format] = whole;
  if (format === undefined || whole.some((other) => dayPlace(other) !== dayPlace(format))) return undefined;
  const evidence = `all ${values.length} values, such as ${JSON.stringify(first)}`;
  return { format, evidence, confidence: confidenceOf(values.length) };
}

/** Whether the day comes before the month. */
const dayPlace = (format: string) => format.indexOf('d') < format.indexOf('M');

const parsers = new Map<string, (text: string) => string | undefined>();

function fits(format: string, text: string): boolean {
  const known = parsers.get(format) ?? timestampParser(format, undefined, '');
  parsers.set(format, known);
  return known(text) !== undefined;
}

function epochFormat(name: string, values: readonly string[]): string | undefined {
  if (!namesTime.test(name)) return undefined;
  const within = (unit: number) =>
    values.every((text) => /^\d+$/.test(text) && Number(text) >= EPOCH.from * unit && Number(text) < EPOCH.to * unit);
  if (within(1)) return 'epoch_s';
  return within(1000) ? 'epoch_ms' : undefined;
}
