import { describe, expect, test } from '@jest/globals';
import { compileMapping } from '../../../lambdas/domain/mapping/compile-mapping.ts';
import type { Fields } from '../../../lambdas/domain/source.ts';
import type { CsvOptions } from '../../../lambdas/sources/csv/config.ts';
import { csvSource } from '../../../lambdas/sources/csv/csv-source.ts';
import { layoutOf } from '../../../lambdas/sources/csv/layout.ts';
import { memoryFile } from '../../support/memory-file.ts';
import { readBatches, readRecords, readValues } from '../../support/read-source.ts';
import { openCsv } from './open-csv.ts';

const { signal } = new AbortController();
const prepare = (content: Uint8Array | string, options?: CsvOptions) => openCsv(content, options).prepare(signal);
const columns = async (content: Uint8Array | string, options?: CsvOptions) =>
  (await prepare(content, options)).details.columns;

describe('names', () => {
  test('duplicates and empty ones become unique, never a name that stands in the header, and are told', async () => {
    const plan = await prepare('id,name,id, ,id_2,id,,column_7\n');
    expect(plan.details.columns).toEqual(['id', 'name', 'id_3', 'column_4', 'id_2', 'id_4', 'column_7_2', 'column_7']);
    expect(plan.notes).toEqual([
      'duplicate header "id" of column 3 renamed to "id_3"',
      'empty header of column 4 named "column_4"',
      'duplicate header "id" of column 6 renamed to "id_4"',
      'empty header of column 7 named "column_7_2"',
    ]);
  });

  test('that differ by case only are columns of their own, each within reach of a mapping', async () => {
    const source = openCsv('id,ID,Id\n1,2,3\n');
    const plan = await source.prepare(signal);
    const fields = ['Id', 'id', 'ID'].map((from) => ({ from, type: 'integer' as const }));
    const context = { names: layoutOf(plan).columns, numberStyle: {}, wrapperId: 'w-1', version: 'v1' };
    const map = compileMapping({ fields, key: ['ID'] }, context);
    const [batch] = await readBatches(source, { plan });
    const record = batch?.records[0] as { readonly fields: Fields; readonly row: number };
    expect(map(record.fields, record.row)).toMatchObject({ json: expect.stringContaining('{"Id":3,"id":1,"ID":2}') });
    expect(plan.notes).toEqual([]);
  });

  test('are quoted like any cell, with a byte order mark before them', async () => {
    expect(await columns('\uFEFF"a, ""b""","c\nd",é\n')).toEqual(['a, "b"', 'c\nd', 'é']);
  });

  test('without a header are numbered, and the first row is data', async () => {
    const records = await readRecords(openCsv('\n1,2\n3,4\n', { header_row: 0 }));
    expect(records).toEqual([
      {
        row: 2,
        fields: [
          ['column_1', '1'],
          ['column_2', '2'],
        ],
      },
      {
        row: 3,
        fields: [
          ['column_1', '3'],
          ['column_2', '4'],
        ],
      },
    ]);
  });

  test('many thousand equal ones are made unique in no time, and only some are told', async () => {
    const plan = await prepare(`${'id,'.repeat(15_999)}id\n`);
    expect(new Set(plan.details.columns as string[]).size).toBe(16_000);
    expect(plan.notes).toHaveLength(21);
    expect(plan.notes.at(-1)).toBe('… and 15979 more headers renamed');
  });
});

describe('place', () => {
  const preamble = '\nA "title, that is not CSV\r\n,,\nid,name\n1,x\n';

  test('is counted in physical rows, blank ones too; what stands before may be anything', async () => {
    expect(await readRecords(openCsv(preamble, { header_row: 4 }))).toEqual([
      {
        row: 5,
        fields: [
          ['id', '1'],
          ['name', 'x'],
        ],
      },
    ]);
  });

  test('is found by one more request when it is not in the first 64 KB', async () => {
    const preamble = `${'x'.repeat(99)}\n`.repeat(999);
    const file = memoryFile(`${preamble}id\n1\n`);
    const source = csvSource(
      {
        type: 'CSV',
        location: { url: 'https://files.example/' },
        options: { header_row: 1000, encoding: 'utf-8', skip_footer: 0 },
      },
      file,
    );
    const plan = await source.prepare(signal);
    expect(plan.details.columns).toEqual(['id']);
    expect(file.reads).toHaveLength(2);
    expect(await readValues(source, { plan })).toEqual([['1']]);
  });

  test('beyond the file fails with the number of rows there are', async () => {
    await expect(prepare('a,b\n1,2\n', { header_row: 5 })).rejects.toMatchObject({
      name: 'RunFailure',
      kind: 'failed',
      message: 'source.options.header_row is 5, but the file has 2 rows',
    });
  });

  test('in a blank row fails', async () => {
    await expect(prepare('\na,b\n', { header_row: 1 })).rejects.toThrow('row 1, where the header should be, is blank');
    await expect(prepare('a\n\n\n', { header_row: 3 })).rejects.toThrow('row 3, where the header should be, is blank');
  });
});

describe('a header that can’t be read fails, and says where', () => {
  test.each<[string, Uint8Array | string, string]>([
    ['too long', `${'x'.repeat(300 * 1024)}\n`, 'row 1, the header, is longer than 256 KB or 16384 columns'],
    ['too long, and the file goes on', 'x'.repeat(9_000_000), 'row 1, the header, is longer than 256 KB'],
    ['too many columns', `${','.repeat(20_000)}\n`, 'row 1, the header, is longer than 256 KB or 16384 columns'],
    ['a quote never closed', 'a,"b\n1,2\n', 'row 1, field 2, in the header: the quote is never closed'],
    ['text after a quote', '"a"b,c\n', 'row 1, field 1, in the header: text after the closing quote'],
    ['another encoding', Buffer.from('a,n\xe9\n', 'latin1'), 'row 1, field 2, in the header: invalid UTF-8 at byte 2'],
  ])('%s', async (_, content, message) => {
    await expect(prepare(content, { encoding: 'utf-8', header_row: 1 })).rejects.toMatchObject({
      kind: 'failed',
      message: expect.stringContaining(message),
    });
  });
});

describe('a file that is not CSV is named', () => {
  const random = Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * index * 31 + index * 7) % 256));
  test.each<[string, Uint8Array]>([
    ['a ZIP or XLSX file', Buffer.from('PK\x03\x04rest')],
    ['a gzip file', Buffer.from([0x1f, 0x8b, 0x08, 0])],
    ['a PDF file', Buffer.from('%PDF-1.7\n')],
    ['a PNG image', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')],
    ['a web page', Buffer.from('\uFEFF\n<!DOCTYPE html>\n<title>Sign in</title>')],
    ['binary', random],
    ['UTF-16 without a byte order mark', Buffer.from('id,name\n1,Tahoe\n', 'utf16le')],
  ])('%s', async (name, content) => {
    await expect(prepare(content)).rejects.toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(new RegExp(`^the file is not CSV: it is .*${name}`)),
    });
  });

  test('a few control characters, or many as delimiter, are still text', async () => {
    expect(await readValues(openCsv('a\n\x00\n'))).toEqual([['\x00']]);
    const content = `${'1\x1f2\x1f3\n'.repeat(50)}`;
    expect(await readValues(openCsv(content, { delimiter: '\x1f' }))).toHaveLength(49);
  });
});

describe('options', () => {
  test.each<[CsvOptions, string]>([
    [{ encoding: 'klingon' }, 'source.options.encoding: "klingon" is not an encoding that is known here'],
    [{ encoding: 'iso-2022-jp' }, 'source.options.encoding: "iso-2022-jp" is not an encoding that is known here'],
    [{ delimiter: '"' }, 'source.options.delimiter: must differ from quote and escape'],
    [{ quote: '\n' }, 'source.options.quote: must not end a row'],
    [{ delimiter: '¦' }, 'source.options.delimiter: "¦" is not a single byte in utf-8'],
  ])('%j is refused', async (options, message) => {
    await expect(prepare('a\n', options)).rejects.toMatchObject({
      kind: 'refused',
      message: `Invalid wrapper configuration: ${message}`,
    });
  });

  test('a backslash escapes quotes and itself, nothing else', async () => {
    const lines = ['a;b', String.raw`"x \"y\" \\";"C:\new"`, String.raw`"";\"`];
    const [first, second] = await readValues(openCsv(lines.join('\n'), { delimiter: ';', escape: '\\' }));
    expect(first).toEqual(['x "y" \\', 'C:\\new']);
    expect(second).toEqual([null, '\\"']);
  });
});

describe('line ends', () => {
  test('CR alone ends rows where the file is written so, and is a character elsewhere', async () => {
    expect(await readRecords(openCsv('a,b\r1,"x\ny"\r2,z\r'))).toEqual([
      {
        row: 2,
        fields: [
          ['a', '1'],
          ['b', 'x\ny'],
        ],
      },
      {
        row: 4,
        fields: [
          ['a', '2'],
          ['b', 'z'],
        ],
      },
    ]);
    expect((await prepare('a\r1\r')).notes).toEqual(['rows end with CR']);
    expect(await readRecords(openCsv('a,b\r\n1,x\ry\r\n2,z\r\n'))).toEqual([
      {
        row: 2,
        fields: [
          ['a', '1'],
          ['b', 'x\ry'],
        ],
      },
      {
        row: 4,
        fields: [
          ['a', '2'],
          ['b', 'z'],
        ],
      },
    ]);
  });
});
