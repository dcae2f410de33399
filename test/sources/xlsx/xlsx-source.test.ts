import { describe, expect, test } from '@jest/globals';
import type { FileFacts } from '../../../lambdas/domain/file.ts';
import { FileChanged } from '../../../lambdas/domain/file-changed.ts';
import { xlsxSource } from '../../../lambdas/sources/xlsx/xlsx-source.ts';
import { memoryFile } from '../../support/memory-file.ts';
import { readBatches, readRecords, readValues } from '../../support/read-source.ts';
import { itBehavesLikeASource } from '../../support/source-contract.ts';
import { error, formatted, type XlsxCell, xlsxFile } from '../../support/xlsx-file.ts';
import { openXlsx } from './open-xlsx.ts';

const long = 'z'.repeat(600 * 1024);
const rows: readonly (readonly XlsxCell[])[] = [
  ['id', 'name', 'seen'],
  [1, 'Tahoe', formatted(1, 44197.5)],
  [],
  [2, 'San José', null],
  [3, long, long],
  [4, 'Donner', true],
  [5, 'Ebbetts', 'never'],
  [6, 'Sonora', 0.1],
];
const formats = ['yyyy-mm-dd hh:mm'];
const content = xlsxFile(rows, { formats });
const names = ['id', 'name', 'seen'] as const;
const record = (row: number, ...values: readonly (string | number | boolean | null)[]) => ({
  row,
  fields: names.map((name, at) => [name, values[at] ?? null] as const),
});

const expected = [
  record(2, 1, 'Tahoe', '2021-01-01T12:00:00'),
  record(4, 2, 'San José'),
  { row: 5, rejected: 'row 5 has more than 1 MiB of text', raw: `3\t${'z'.repeat(4094)}` },
  record(6, 4, 'Donner', true),
  record(7, 5, 'Ebbetts', 'never'),
  record(8, 6, 'Sonora', 0.1),
] as const;

itBehavesLikeASource('XLSX', { open: () => openXlsx(content), records: expected });
itBehavesLikeASource('XLSX with a footer, in small pieces', {
  open: () =>
    openXlsx(
      xlsxFile([...rows, [], ['Total', 7], ['Source: us'], []], { formats }),
      { header_row: 1, skip_footer: 3 },
      100,
    ),
  records: expected,
});

test('a value outside of the columns that the first look has seen rejects its row', async () => {
  const head = Array.from({ length: 100 }, (_, at) => [null, at, 'x']);
  const note = [null, 100, '#N/A', 'a note beside the table'];
  const records = await readRecords(
    openXlsx(xlsxFile([[null, 'a', 'b'], ...head, note, ['left', 1], [null, 101, 'y']])),
  );
  expect(records.slice(100)).toEqual([
    {
      row: 102,
      rejected: 'row 102, cell D102 is outside of the columns B to C',
      raw: '100\t#N/A\ta note beside the table',
    },
    { row: 103, rejected: 'row 103, cell A103 is outside of the columns B to C', raw: 'left\t1' },
    {
      row: 104,
      fields: [
        ['a', 101],
        ['b', 'y'],
      ],
    },
  ]);
});

test('resumes at a row without reading what came before it as records, and keeps nothing of it', async () => {
  const many = xlsxFile([['id'], ...Array.from({ length: 5000 }, (_, at) => [at])]);
  const source = openXlsx(many);
  const [batch] = await readBatches(source, { from: { row: 3002 }, batchSize: 2 });
  expect(batch).toMatchObject({ from: { row: 3002 }, to: { row: 3004 }, records: [{ row: 3002 }, { row: 3003 }] });
});

describe('requests', () => {
  const random = Array.from({ length: 40_000 }, (_, at) => [`${Math.imul(at, 2654435761) >>> 0}-${at * 7919}`, at]);
  const large = xlsxFile([['text', 'n'], ...random], { level: 0 });

  /** How many requests the first look and the reading take. */
  async function requestsFor(bytes: Uint8Array, facts: Partial<FileFacts> = {}): Promise<number> {
    const memory = memoryFile(bytes);
    const file = { ...memory, stat: async (signal: AbortSignal) => ({ ...(await memory.stat(signal)), ...facts }) };
    const source = xlsxSource({ type: 'XLSX', location: { url: 'https://files.example/' } }, file);
    const plan = await source.prepare(new AbortController().signal);
    await readBatches(source, { plan });
    return memory.reads.length;
  }

  test('a small file is fetched whole, for the first look and for reading', async () => {
    expect(await requestsFor(content)).toBe(2);
  });

  test('a file that is still the one of its pinned plan is not looked into again', async () => {
    const file = memoryFile(content);
    const source = xlsxSource({ type: 'XLSX', location: { url: 'https://files.example/' } }, file);
    const { signal } = new AbortController();
    const pinned = await source.prepare(signal);
    file.reads.length = 0;
    expect(await source.prepare(signal, pinned)).toBe(pinned);
    expect(file.reads).toEqual([]);
  });

  test('a large file is read by few ranges', async () => {
    expect(large.length).toBeGreaterThan(1024 * 1024);
    const count = await requestsFor(large);
    expect(count).toBeGreaterThan(4);
    expect(count).toBeLessThanOrEqual(16);
  });

  test('where ranges cost as much as the file, a large file is fetched whole too', async () => {
    expect(await requestsFor(large, { isSequential: true })).toBe(2);
  });
});

test('fails when the file is another version than the one that was planned for', async () => {
  const plan = await openXlsx(content).prepare(new AbortController().signal);
  const replaced = xlsxSource(
    { type: 'XLSX', location: { url: 'https://files.example/' } },
    memoryFile(content, { version: 'v2' }),
  );
  await expect(readBatches(replaced, { plan })).rejects.toBeInstanceOf(FileChanged);
});

test('takes a file that ends early for a broken connection, not for its end', async () => {
  const plan = await openXlsx(content).prepare(new AbortController().signal);
  await expect(readBatches(openXlsx(content.subarray(0, -10)), { plan })).rejects.toMatchObject({
    name: 'RetryableError',
    message: `the file ended after ${content.length - 10} of ${content.length} bytes`,
  });
});

test('ends a batch after about 4 MiB of text, however few records it has', async () => {
  const text = 'x'.repeat(512 * 1024);
  const batches = await readBatches(openXlsx(xlsxFile([['text'], ...Array.from({ length: 20 }, () => [text])])));
  expect(batches.map((batch) => batch.records.length)).toEqual([8, 8, 4]);
});

test('rejects a row with more than 1 MiB of text, and reads on', async () => {
  const long = 'y'.repeat(600 * 1024);
  const tooLong = 'row 3 has more than 1 MiB of text';
  const cells = (text: string): XlsxCell[] => [text, text];
  const inlined = (text: string): XlsxCell[] => [1, 2].map(() => (at) => `<c r="${at}" t="str"><v>${text}</v></c>`);
  for (const write of [cells, inlined]) {
    const values = await readValues(openXlsx(xlsxFile([['a', 'b'], ['1', '2'], write(long), ['3', '4']])));
    expect(values).toEqual([['1', '2'], tooLong, ['3', '4']]);
  }
});

test('ends a batch early where rows are wide, be they blank', async () => {
  const wide = Array.from({ length: 16_384 }, (_, at) => `c${at}`);
  const batches = await readBatches(openXlsx(xlsxFile([wide, ...Array.from({ length: 70 }, (_, at) => [at])])));
  expect(batches.map((batch) => batch.records.length)).toEqual([32, 32, 6]);
});

test.each([
  [{ offset: 3 }, 'the position in an XLSX file is {"row": number}'],
  [{ row: 1 }, 'row 1 is before the data, which begins in row 2'],
])('refuses the position %j, which this file does not have', async (from, why) => {
  await expect(readBatches(openXlsx(content), { from })).rejects.toMatchObject({
    kind: 'refused',
    message: `Invalid checkpoint: ${why}`,
  });
});

test.each<[string, readonly (readonly XlsxCell[])[]]>([
  ['an empty sheet', []],
  ['a header only', [['a', 'b']]],
  ['blank cells only', [['', null, '']]],
])('yields no batch for %s', async (_, written) => {
  expect(await readBatches(openXlsx(xlsxFile(written)))).toEqual([]);
});

test('reads names that objects inherit like any other', async () => {
  const [first] = await readRecords(
    openXlsx(
      xlsxFile([
        ['__proto__', 'constructor'],
        ['1', 2],
      ]),
    ),
  );
  expect(first).toEqual({
    row: 2,
    fields: [
      ['__proto__', '1'],
      ['constructor', 2],
    ],
  });
});

test('null words are no value, those of errors among them', async () => {
  const written = xlsxFile([
    ['a', 'b', 'c', 'd'],
    [' n/a ', error('#N/A'), 'n/a!', ''],
  ]);
  expect(await readValues(openXlsx(written, { null_words: ['n/a', '#N/A'] }))).toEqual([[null, null, 'n/a!', null]]);
});

test('a cell in error is told by name to who uses it', async () => {
  const [batch] = await readBatches(
    openXlsx(
      xlsxFile([
        ['id', 'share'],
        [7, error('#DIV/0!')],
      ]),
    ),
  );
  const [found] = batch?.records ?? [];
  if (found === undefined || !('fields' in found)) throw new Error('no record');
  expect(found.fields.get('share')).toBe('#DIV/0!');
  expect(found.fields.problemOf?.('share')).toBe('cell B2: #DIV/0!');
  expect(found.fields.problemOf?.('id')).toBeUndefined();
});
