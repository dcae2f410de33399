import { RunFailure } from '../../domain/errors.ts';
import type { RemoteFile } from '../../domain/file.ts';
import type { Choice } from '../../domain/infer/choice.ts';
import { binaryKind } from './binary-file.ts';
import type { CsvOptions } from './config.ts';
import { byteOrderMark, type Encoding } from './encoding.ts';
import { endsRowsWithCr, type Header, readHeader } from './header.ts';
import type { CsvLayout } from './layout.ts';
import { encodingFor, marksFor } from './marks.ts';
import { refuseOtherWidth } from './refuse-other-width.ts';
import { type FileSamples, fileSamples, SAMPLE } from './sniff/file-samples.ts';
import type { Finding } from './sniff/finding.ts';
import { sniffDialect } from './sniff/sniff-dialect.ts';
import { sniffEncoding } from './sniff/sniff-encoding.ts';
import { sniffTable } from './sniff/sniff-table.ts';
import { choicesOf, notesOf, timeNotes } from './sniff/told.ts';
import { type UnitWindow, unitWindow } from './unit-window.ts';

/** Bytes read at most to find a header that is not in the first sample. */
const LONGEST_HEAD = 4 * 1024 * 1024;

/** What a look at a CSV file tells: how it is to be read, why, and some of its rows. */
export type CsvLook = {
  readonly version: string;
  readonly layout: CsvLayout;
  /** For people: what is unusual about the file. */
  readonly notes: readonly string[];
  /** All that was not given as an option. */
  readonly choices: readonly Choice[];
  /** Rows of data as text, from the beginning and the end of the file. */
  readonly rows: readonly (readonly string[])[];
  /** Those are all rows that there are. */
  readonly isWhole: boolean;
};

/** Looks at the beginning of a file, and at its middle and end as far as that is needed to settle what is not given. */
export async function lookAtCsv(options: CsvOptions, file: RemoteFile, signal: AbortSignal): Promise<CsvLook> {
  const samples = await fileSamples(file, signal);
  const { version, size, head, isWhole } = samples;
  const mark = byteOrderMark(head);
  const found = await settleEncoding(samples, mark?.encoding ?? options.encoding, options);
  const { encoding } = found;
  const window = headWindow(samples, encoding, mark?.length ?? 0);
  const sniffed = sniffDialect(window, encoding, options);
  const marks = marksFor({ ...valuesOf(sniffed), ...given(options) }, encoding);
  const dialect = { ...marks, crEndsRow: endsRowsWithCr(window, marks.quote) };
  const table = await sniffTable(window, encoding, dialect, samples, options);
  const settled = { ...valuesOf(table), ...given(options) };

  const more = file.read({ version, offset: SAMPLE, end: Math.min(size, LONGEST_HEAD) }, signal);
  const look = () => readHeader(window, encoding, dialect, settled.header_row ?? 1);
  const header = look() ?? (await lookFurther(look, window, more, size <= LONGEST_HEAD));

  const layout: CsvLayout = {
    size,
    encoding: encoding.name,
    ...marks,
    cr_ends_row: dialect.crEndsRow,
    columns: [...header.columns],
    start: header.start,
    skip_footer: settled.skip_footer ?? 0,
    null_words: settled.null_words ?? [],
    ...(settled.decimal === undefined ? {} : { decimal: settled.decimal }),
    ...(settled.thousands === undefined ? {} : { thousands: settled.thousands }),
  };
  const { rows, ...findings } = table;
  const choices = choicesOf(options, { encoding: found.finding, ...sniffed, ...findings });
  const notes = [
    ...encodingNotes(mark, options.encoding),
    ...(dialect.crEndsRow ? ['rows end with CR'] : []),
    ...notesOf(choices, marks.quote),
    ...header.notes,
    ...timeNotes(header.columns, rows),
  ];
  return { version, layout, notes, choices, rows, isWhole };
}

/** Options that are there, without those that are undefined. */
function given(options: CsvOptions): CsvOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** What was found, by option. */
function valuesOf(findings: object): CsvOptions {
  const found = Object.entries(findings).filter(([, finding]) => finding !== undefined && 'value' in finding);
  return Object.fromEntries(found.map(([option, finding]) => [option, finding.value]));
}

/** @throws RunFailure when the file is not text, or options can't be used. */
async function settleEncoding(
  samples: FileSamples,
  known: string | undefined,
  options: CsvOptions,
): Promise<{ readonly encoding: Encoding; readonly finding?: Finding<string> }> {
  const expected = encodingFor(known ?? 'utf-8');
  const marks = marksFor(options, expected);
  const kind = binaryKind(samples.head, expected.width, Object.values(marks).join(''));
  if (kind !== undefined) throw new RunFailure('failed', `the file is not CSV: it is ${kind}`);
  if (known !== undefined) {
    if (byteOrderMark(samples.head) === undefined) refuseOtherWidth(samples.head, expected);
    return { encoding: expected };
  }
  const finding = await sniffEncoding(samples);
  return { encoding: encodingFor(finding.value), finding };
}

function headWindow({ head, isWhole }: FileSamples, encoding: Encoding, markLength: number): UnitWindow {
  const window = unitWindow(encoding, markLength);
  window.push(head.subarray(markLength));
  if (isWhole) window.finish();
  window.refill(0);
  return window;
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
