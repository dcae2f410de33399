import { RunFailure } from '../../domain/errors.ts';
import type { RemoteFile } from '../../domain/file.ts';
import type { ReadingPlan } from '../../domain/source.ts';
import { binaryKind } from './binary-file.ts';
import type { CsvSourceConfig } from './config.ts';
import { byteOrderMark, type Encoding, encodingOf } from './encoding.ts';
import { endsRowsWithCr, type Header, readHeader } from './header.ts';
import type { CsvLayout } from './layout.ts';
import { type UnitWindow, unitWindow } from './unit-window.ts';
import { type Dialect, unitOf } from './units.ts';

/** Bytes read at the first look, and at most when the header is not in them. */
const HEAD = 64 * 1024;
const LONGEST_HEAD = 4 * 1024 * 1024;

/** The first look at a CSV file: encoding, row ends, column names. Reads its beginning only. */
export async function prepareCsv(config: CsvSourceConfig, file: RemoteFile, signal: AbortSignal): Promise<ReadingPlan> {
  const options = config.options ?? {};
  const { version, size } = await file.stat(signal);
  const head =
    size === 0 ? new Uint8Array() : await readAll(file.read({ version, offset: 0, end: Math.min(size, HEAD) }, signal));
  const mark = byteOrderMark(head);
  const encoding = encodingFor(mark?.encoding ?? options.encoding ?? 'utf-8');
  const marks = marksFor(options, encoding);
  const kind = binaryKind(head, encoding.width, Object.values(marks).join(''));
  if (kind !== undefined) throw new RunFailure('failed', `the file is not CSV: it is ${kind}`);

  const window = unitWindow(encoding, mark?.length ?? 0);
  window.push(head.subarray(mark?.length ?? 0));
  if (size <= HEAD) window.finish();
  window.refill(0);
  const dialect = { ...marks, crEndsRow: endsRowsWithCr(window, marks.quote) };
  const more = file.read({ version, offset: HEAD, end: Math.min(size, LONGEST_HEAD) }, signal);
  const look = () => readHeader(window, encoding, dialect, options.header_row ?? 1);
  const header = look() ?? (await lookFurther(look, window, more, size <= LONGEST_HEAD));

  const layout: CsvLayout = {
    size,
    encoding: encoding.name,
    ...marks,
    cr_ends_row: dialect.crEndsRow,
    columns: [...header.columns],
    start: header.start,
    skip_footer: options.skip_footer ?? 0,
    null_words: options.null_words ?? [],
  };
  const notes = [...encodingNotes(mark, options.encoding), ...(dialect.crEndsRow ? ['rows end with CR'] : [])];
  return { version, notes: [...notes, ...header.notes], details: layout };
}

/** Looks again and again for the header while more of the file comes in. */
async function lookFurther(
  look: () => Header | undefined,
  window: UnitWindow,
  more: AsyncIterable<Uint8Array>,
  isRest: boolean,
): Promise<Header> {
  for await (const chunk of more) {
    window.push(chunk);
    const header = window.refill(0) ? look() : undefined;
    if (header !== undefined) return header;
  }
  if (isRest) window.finish();
  window.refill(0);
  const header = look();
  if (header !== undefined) return header;
  const limit = `${LONGEST_HEAD / 1024 / 1024} MiB`;
  throw new RunFailure('failed', `the header is not within the first ${limit} of the file (source.options.header_row)`);
}

function encodingNotes(mark: ReturnType<typeof byteOrderMark>, option: string | undefined): string[] {
  if (mark === undefined) return [];
  const notes = mark.encoding === 'utf-8' ? [] : [`encoding ${mark.encoding}, by its byte order mark`];
  const isOverruled = option !== undefined && encodingFor(option).name !== mark.encoding;
  return isOverruled ? [...notes, `encoding ${option} not used: the byte order mark says ${mark.encoding}`] : notes;
}

async function readAll(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

function encodingFor(label: string): Encoding {
  const encoding = encodingOf(label);
  if (encoding !== undefined) return encoding;
  throw invalidOption('encoding', `"${label}" is not an encoding that is known here`);
}

function marksFor(options: NonNullable<CsvSourceConfig['options']>, encoding: Encoding): Omit<Dialect, 'crEndsRow'> {
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
