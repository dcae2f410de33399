import { RunFailure } from '../../domain/errors.ts';
import type { RemoteFile } from '../../domain/file.ts';
import type { ReadingPlan } from '../../domain/source.ts';
import { binaryKind } from './binary-file.ts';
import type { CsvSourceConfig } from './config.ts';
import { byteOrderMark, type Encoding, encodingOf } from './encoding.ts';
import { endsRowsWithCr, type Header, readHeader } from './header.ts';
import type { CsvLayout } from './layout.ts';
import { unitWindow } from './unit-window.ts';
import { type Dialect, unitOf } from './units.ts';

/** Bytes read at the first look, and at most when the header is not in them. */
const HEAD = 64 * 1024;
const LONGEST_HEAD = 4 * 1024 * 1024;

/** The first look at a CSV file: encoding, row ends, column names. Reads its beginning only. */
export async function prepareCsv(config: CsvSourceConfig, file: RemoteFile, signal: AbortSignal): Promise<ReadingPlan> {
  const options = config.options ?? {};
  const { version, size } = await file.stat(signal);
  const head = await readAll(file.read({ version, offset: 0, end: Math.min(size, HEAD) }, signal), size);
  const mark = byteOrderMark(head);
  const encoding = encodingFor(mark?.encoding ?? options.encoding ?? 'utf-8');
  const marks = marksFor(options, encoding);
  const kind = binaryKind(head, encoding.width, Object.values(marks).join(''));
  if (kind !== undefined) throw new RunFailure('failed', `the file is not CSV: it is ${kind}`);

  const window = unitWindow(encoding, mark?.length ?? 0);
  window.push(head.subarray(mark?.length ?? 0));
  if (size <= HEAD) window.finish();
  window.refill(0);
  const dialect = { ...marks, crEndsRow: endsRowsWithCr(window, { ...marks, crEndsRow: false }) };
  const header = await findHeader();

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
  return { version, notes: [...choices(), ...header.notes], details: layout };

  async function findHeader(): Promise<Header> {
    const headerRow = options.header_row ?? 1;
    let header = readHeader(window, encoding, dialect, headerRow);
    if (header !== undefined) return header;
    const more = file.read({ version, offset: HEAD, end: Math.min(size, LONGEST_HEAD) }, signal);
    for await (const chunk of more) {
      window.push(chunk);
      if (window.refill(0)) header = readHeader(window, encoding, dialect, headerRow);
      if (header !== undefined) return header;
    }
    if (size <= LONGEST_HEAD) window.finish();
    window.refill(0);
    header = readHeader(window, encoding, dialect, headerRow);
    if (header !== undefined) return header;
    const limit = `${LONGEST_HEAD / 1024 / 1024} MiB`;
    throw new RunFailure('failed', `the header, in row ${headerRow}, is not within the first ${limit} of the file`);
  }

  function choices(): string[] {
    const notes: string[] = [];
    if (mark !== undefined && encoding.name !== 'utf-8')
      notes.push(`encoding ${encoding.name}, by its byte order mark`);
    if (mark !== undefined && options.encoding !== undefined && encodingFor(options.encoding).name !== encoding.name) {
      notes.push(`encoding ${options.encoding} not used: the byte order mark says ${encoding.name}`);
    }
    if (dialect.crEndsRow) notes.push('rows end with CR');
    return notes;
  }
}

async function readAll(chunks: AsyncIterable<Uint8Array>, size: number): Promise<Uint8Array> {
  if (size === 0) return new Uint8Array();
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
