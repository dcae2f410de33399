import { RunFailure } from '../../domain/errors.ts';
import type { FileLocation, RemoteFile } from '../../domain/file.ts';
import type { Choice } from '../../domain/infer/choice.ts';
import { mapText } from '../../domain/infer/text-mapping.ts';
import { CsvOptions } from '../csv/config.ts';
import { type CsvLook, lookAtCsv } from '../csv/look-at-csv.ts';
import type { Inferred } from './inferred.ts';

const PATH = 'source.options.';

/** Finds out how a CSV file is to be read: all that was found becomes an option, so that nothing is left to chance. */
export async function inferCsv(location: FileLocation, file: RemoteFile, signal: AbortSignal): Promise<Inferred> {
  const look = await lookAtCsv({}, file, signal);
  const { layout, isWhole } = look;
  if (layout.columns.length === 0) throw new RunFailure('failed', 'the file is empty');
  if (look.rows.length === 0) throw new RunFailure('failed', 'the file has a header and no rows to learn from');
  const nullWords = new Set(layout.null_words);
  const rows = look.rows.map((cells) => cells.map((cell) => (isMissing(cell, nullWords) ? null : cell)));
  const { mapping, choices } = mapText({ names: layout.columns, rows, isWhole, numberStyle: layout });
  const found = [...markChoice(look), ...look.choices];
  const format = { path: 'source.type', value: 'CSV', evidence: 'rows of text', confidence: 0.9 };
  return {
    source: { type: 'CSV', location, options: optionsOf(found) },
    mapping,
    choices: [format, ...found, ...choices],
  };
}

const isMissing = (cell: string, words: ReadonlySet<string>) => cell === '' || words.has(cell.trim());

/** A byte order mark leaves nothing to find out about the encoding. */
function markChoice({ layout, choices }: CsvLook): Choice[] {
  if (choices.some(({ path }) => path === `${PATH}encoding`)) return [];
  return [{ path: `${PATH}encoding`, value: layout.encoding, evidence: 'its byte order mark', confidence: 1 }];
}

function optionsOf(choices: readonly Choice[]): CsvOptions {
  return CsvOptions.parse(Object.fromEntries(choices.map(({ path, value }) => [path.slice(PATH.length), value])));
}
