import type { Choice } from '../../../domain/infer/choice.ts';
import { guessTimeFormat } from '../../../domain/infer/time-format.ts';
import type { CsvOptions } from '../config.ts';
import type { Finding } from './finding.ts';

type Findings = { readonly [Option in keyof CsvOptions]?: Finding<NonNullable<CsvOptions[Option]>> | undefined };

const PATH = 'source.options.';
/** Columns whose way of writing times is told. */
const MOST_COLUMNS = 10;

/** What was found out, for all that was not given. */
export function choicesOf(options: CsvOptions, findings: Findings): Choice[] {
  return Object.entries(findings)
    .filter(([option, finding]) => finding !== undefined && options[option as keyof CsvOptions] === undefined)
    .map(([option, finding]) => ({ path: `${PATH}${option}`, ...(finding as Finding<string>) }))
    .map(({ path, value, evidence, confidence }) => ({ path, value, evidence, confidence: rounded(confidence) }));
}

const rounded = (confidence: number) => Math.round(confidence * 100) / 100;

/** Choices that make the reading differ from that of any plain file; the others would tell nothing. */
export function notesOf(choices: readonly Choice[], quote: string): string[] {
  const usual: { readonly [option: string]: unknown } = {
    encoding: 'utf-8',
    delimiter: ',',
    quote: '"',
    escape: quote,
    header_row: 1,
    skip_footer: 0,
    null_words: '',
  };
  return choices
    .map((choice) => ({ ...choice, option: choice.path.slice(PATH.length) }))
    .filter(({ option, value }) => String(value) !== String(usual[option]))
    .map(({ option, value, evidence, confidence }) => {
      return `${option} ${JSON.stringify(value)}: ${evidence} (confidence ${confidence})`;
    });
}

/** Columns with times that are not ISO 8601: a mapping has to name their format. */
export function timeNotes(columns: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return columns
    .map((name, column) => {
      const values = rows.map((cells) => cells[column] ?? '').filter((cell) => cell.trim() !== '');
      return { name, time: guessTimeFormat(name, values) };
    })
    .filter(({ time }) => time !== undefined && time.format !== 'iso')
    .slice(0, MOST_COLUMNS)
    .map(({ name, time }) => `times in ${JSON.stringify(name)} are written as ${time?.format}: ${time?.evidence}`);
}
