import { expect, test } from '@jest/globals';
import { FileChanged } from '../../../lambdas/domain/file-changed.ts';
import { csvSource } from '../../../lambdas/sources/csv/csv-source.ts';
import { memoryFile } from '../../support/memory-file.ts';
import { readBatches, readRecords, readValues } from '../../support/read-source.ts';
import { itBehavesLikeASource } from '../../support/source-contract.ts';
import { openCsv } from './open-csv.ts';

const stations = [
  'id,name,note',
  '1,Tahoe,"two',
  'lines"',
  '2,San José,',
  '',
  '3,Donner',
  '4,"a ""quoted"" name",x',
  '5,"stray"y,x',
  '6,,"a,b"',
  '7,last,no line end',
].join('\n');

const expected = [
  {
    row: 2,
    fields: [
      ['id', '1'],
      ['name', 'Tahoe'],
      ['note', 'two\nlines'],
    ],
  },
  {
    row: 4,
    fields: [
      ['id', '2'],
      ['name', 'San José'],
      ['note', null],
    ],
  },
  { row: 6, rejected: 'row 6 has 2 fields, the header has 3', raw: '3,Donner' },
  {
    row: 7,
    fields: [
      ['id', '4'],
      ['name', 'a "quoted" name'],
      ['note', 'x'],
    ],
  },
  { row: 8, rejected: 'row 8, field "name": text after the closing quote', raw: '5,"stray"y,x' },
  {
    row: 9,
    fields: [
      ['id', '6'],
      ['name', null],
      ['note', 'a,b'],
    ],
  },
  {
    row: 10,
    fields: [
      ['id', '7'],
      ['name', 'last'],
      ['note', 'no line end'],
    ],
  },
] as const;

itBehavesLikeASource('CSV', { open: () => openCsv(stations), records: expected });
itBehavesLikeASource('CSV with CR LF', {
  open: () => openCsv(stations.replaceAll('\n', '\r\n'), {}, 5),
  records: expected.map((record) => JSON.parse(JSON.stringify(record).replace('two\\n', 'two\\r\\n'))),
});
itBehavesLikeASource('CSV in UTF-16BE with a footer', {
  open: () => openCsv(utf16be(`${stations}\n\nTotal,7,\nSource: us\n\n`), { skip_footer: 2 }, 3),
  records: expected,
});

function utf16be(text: string): Buffer {
  return Buffer.from(`\uFEFF${text}`, 'utf16le').swap16();
}

test('W-14 resumes by a range request from the checkpoint’s byte, and reads no byte before it', async () => {
  const rows = Array.from({ length: 5000 }, (_, index) => `${index},${'x'.repeat(50)}`);
  const file = memoryFile(`id,text\n${rows.join('\n')}\n`);
  const source = csvSource({ type: 'CSV', location: { url: 'https://files.example/' } }, file);
  const plan = await source.prepare(new AbortController().signal);
  // Its beginning, and a sample of its middle and its end.
  expect(file.reads.map(({ offset, end }) => [offset, Number(end) - offset])).toEqual([
    [0, 65_536],
    [106_680, 65_536],
    [213_362, 65_536],
  ]);
  const batches = await readBatches(source, { plan, batchSize: 1000 });
  const middle = batches[2]?.to as { offset: number; row: number };
  file.reads.length = 0;
  const [next] = await readBatches(source, { plan, from: middle, batchSize: 1 });
  expect(next?.records[0]?.row).toBe(3002);
  expect(file.reads.map(({ offset }) => offset)).toEqual([middle.offset]);
});

test('a file that is still the one of its pinned plan is not looked into again, and another one is', async () => {
  const file = memoryFile('a;b\n1;2\n');
  const source = csvSource({ type: 'CSV', location: { url: 'https://files.example/' } }, file);
  const { signal } = new AbortController();
  const pinned = { ...(await source.prepare(signal)), notes: ['as it was found out then'] };
  file.reads.length = 0;
  expect(await source.prepare(signal, pinned)).toBe(pinned);
  expect(file.reads).toEqual([]);
  expect(await source.prepare(signal, { ...pinned, version: 'v0' })).toMatchObject({
    version: 'v1',
    notes: [expect.stringContaining('delimiter ";"')],
  });
  expect(file.reads).toHaveLength(1);
});

test('fails when the file is another version than the one that was planned for', async () => {
  const plan = await openCsv('a\n1\n').prepare(new AbortController().signal);
  const replaced = csvSource(
    { type: 'CSV', location: { url: 'https://files.example/' } },
    memoryFile('a\n2\n', { version: 'v2' }),
  );
  await expect(readBatches(replaced, { plan })).rejects.toBeInstanceOf(FileChanged);
});

test('takes a file that ends early for a broken connection, not for its end', async () => {
  const whole = openCsv('a,b\n1,2\n3,4\n');
  const plan = await whole.prepare(new AbortController().signal);
  await expect(readBatches(openCsv('a,b\n1,2\n'), { plan })).rejects.toMatchObject({
    name: 'RetryableError',
    message: 'the file ended after 8 of 12 bytes',
  });
});

test('ends a batch after about 4 MiB, however few records it has', async () => {
  const row = `${'x'.repeat(512 * 1024 - 1)}\n`;
  const batches = await readBatches(openCsv(`text\n${row.repeat(20)}`));
  expect(batches.map((batch) => batch.records.length)).toEqual([8, 8, 4]);
});

test.each([
  [{ page: 3 }, 'the position in a CSV file is {"offset": bytes, "row": number}'],
  [{ offset: 1, row: 1 }, 'offset 1 is not within the data, bytes 2 to 4'],
  [{ offset: 5, row: 3 }, 'offset 5 is not within the data, bytes 2 to 4'],
])('refuses the position %j, which this file does not have', async (from, why) => {
  await expect(readBatches(openCsv('a\n1\n'), { from })).rejects.toMatchObject({
    kind: 'refused',
    message: `Invalid checkpoint: ${why}`,
  });
});

test.each([
  ['an empty file', ''],
  ['a header only', 'a,b\n'],
  ['a header without a line end', 'a,b'],
  ['a byte order mark only', '\uFEFF'],
  ['blank rows only', '\n\r\n  \n'],
])('yields no batch for %s', async (_, content) => {
  expect(await readBatches(openCsv(content))).toEqual([]);
});

test('reads names that objects inherit like any other', async () => {
  const [record] = await readRecords(openCsv('__proto__,constructor,toString\n1,2,3\n'));
  expect(record).toEqual({
    row: 2,
    fields: [
      ['__proto__', '1'],
      ['constructor', '2'],
      ['toString', '3'],
    ],
  });
});

test('takes empty cells and null words, trimmed, as null; blanks stay text unless they are one', async () => {
  const content = 'a,b,c,d\n"", n/a ,  ,n/a!\n';
  expect(await readValues(openCsv(content))).toEqual([[null, ' n/a ', '  ', 'n/a!']]);
  expect(await readValues(openCsv(content, { null_words: ['n/a'] }))).toEqual([[null, null, '  ', 'n/a!']]);
  expect(await readValues(openCsv(content, { null_words: [' n/a', ''] }))).toEqual([[null, null, null, 'n/a!']]);
});

test('leaves out the rows of the footer; blank rows within it count, those after it do not', async () => {
  const data = 'a,b\n1,2\n3,4\n5,6\n';
  const values = (content: string, rows: number) => readValues(openCsv(content, { skip_footer: rows }));
  expect(await values(data, 2)).toEqual([['1', '2']]);
  expect(await values(`${data}\n\n`, 1)).toEqual([
    ['1', '2'],
    ['3', '4'],
  ]);
  expect(await values('a,b\n1,2\n3,4\n\nnote\n', 2)).toEqual([
    ['1', '2'],
    ['3', '4'],
  ]);
  expect(await values('a,b\n1,2\n3,4\n\nnote\n', 3)).toEqual([['1', '2']]);
  expect(await values(data, 10)).toEqual([]);
});
