import { describe, expect, test } from '@jest/globals';
import type { CsvOptions } from '../../../lambdas/sources/csv/config.ts';
import { lookAtCsv } from '../../../lambdas/sources/csv/look-at-csv.ts';
import { memoryFile } from '../../support/memory-file.ts';
import { readValues } from '../../support/read-source.ts';
import { openCsv } from './open-csv.ts';

const { signal } = new AbortController();
const look = (content: Uint8Array | string, options: CsvOptions = {}) =>
  lookAtCsv(options, memoryFile(content), signal);
const layout = async (content: Uint8Array | string, options?: CsvOptions) => (await look(content, options)).layout;
const notes = async (content: Uint8Array | string, options?: CsvOptions) => (await look(content, options)).notes;
const lines = (...rows: readonly string[]) => `${rows.join('\n')}\n`;
const repeated = (row: (index: number) => string, times: number) =>
  `${Array.from({ length: times }, (_, index) => row(index)).join('\n')}\n`;
const latin1 = (text: string) => Buffer.from(text, 'latin1');

describe('a plain file', () => {
  test.each([
    ['of several columns', 'id,name,value\n1,a,0.5\n2,b,1.5\n'],
    ['of one column', 'text\nhello; world\nfoo; bar\n'],
    ['of prose with other marks in it', `text\n${'to be; or not\n'.repeat(100)}`],
    ['with gaps', 'id,name,note\n1,,\n2,,x\n3,,\n'],
    ['with ragged rows', 'a,b,c\n1,2\n1,2,3,4\n1\n1,2,3\n'],
    ['with years as names', 'name,2019,2020\na,1,2\nb,3,4\nc,5,6\n'],
    ['with numbered columns', '0,1,2\n5,6,7\n8,9,1\n3,4,4\n'],
    ['that ends with empty cells', 'a,b,c\n1,2,3\n,,\n'],
    ['that ends with a short text', 'id,name,note\n1,x,y\n2,x,y\nTotal,,\n'],
    ['that ends with a row as sparse as others', 'a,b,c\n1,,\n2,x,y\nNote: 3,,\n'],
  ])('%s is read as ever, and nothing is told', async (_, content) => {
    expect(await layout(content)).toMatchObject({
      encoding: 'utf-8',
      delimiter: ',',
      quote: '"',
      escape: '"',
      skip_footer: 0,
      null_words: [],
      start: { offset: content.indexOf('\n') + 1, row: 2 },
    });
    expect(await notes(content)).toEqual([]);
  });
});

describe('encoding', () => {
  test('bytes that are no UTF-8 make it a Western one; each says where it was seen', async () => {
    const content = latin1(`name\n${'x'.repeat(1773)}\xe9\n`);
    expect((await layout(content)).encoding).toBe('windows-1252');
    expect(await notes(content)).toEqual([
      'encoding "windows-1252": not UTF-8: 1 bytes beyond ASCII, the first at byte 1779 (confidence 0.8)',
    ]);
  });

  test.each([
    ['in the middle', 100_000],
    ['at the end', 199_990],
  ])('is found %s of a file that begins in ASCII', async (_, at) => {
    const content = latin1(repeated(() => 'abcdefghi', 20_000));
    content[at] = 0xe9;
    expect((await layout(content)).encoding).toBe('windows-1252');
  });

  test('UTF-8 with damage stays UTF-8, so that the damaged rows are told', async () => {
    const content = Buffer.concat([Buffer.from('name\né\nü\nx'), Buffer.of(0xe9), Buffer.from('y\n')]);
    expect(await readValues(openCsv(content))).toEqual([['é'], ['ü'], expect.stringContaining('invalid UTF-8')]);
  });

  test('a character that a sample cuts in two is no damage', async () => {
    for (const shift of [0, 1, 2]) {
      const content = Buffer.from(`${'x'.repeat(shift)}\n${'語語語\n'.repeat(30_000)}`);
      expect((await layout(content)).encoding).toBe('utf-8');
    }
  });
});

describe('marks', () => {
  test.each([
    [';', 'a;b\n1,5;x\n2,5;y\n'],
    ['\t', 'a\tb\n1\t2\n3\t4\n'],
    ['|', 'a|b|c\nx, y|2|3\nx|5|6\n'],
    [',', 'a,b\nx;y,1\nx;z,2\n'],
    [',', 'a,b\n"x;y;z","p;q;r"\n"x;y;z","p;q;r"\n'],
    [';', 'Title\n\na;b;c\n1;2,5;3\n4;5,5;6\n'],
    [';', 'Title, with a comma\n\na;b;c\n1;2,5;3\n4;5,5;6\n'],
  ])('%j divides the cells of %j', async (delimiter, content) => {
    expect((await layout(content)).delimiter).toBe(delimiter);
  });

  test('single quotes, where all rows have them and no others', async () => {
    const content = lines("'id','name'", "'1','a, b'", "'2','c'", "'3','it''s'");
    expect(await readValues(openCsv(content))).toEqual([
      ['1', 'a, b'],
      ['2', 'c'],
      ['3', "it's"],
    ]);
    expect((await layout("id,name\n1,'x'\n2,y\n3,z\n")).quote).toBe('"');
  });

  test('a backslash escapes quotes where they would be out of order without it', async () => {
    expect((await layout(lines('a,b', String.raw`1,"x \"y\" z"`))).escape).toBe('\\');
    expect((await layout(lines('a,b', String.raw`1,"C:\new"`, '2,"x"y'))).escape).toBe('"');
  });
});

describe('header', () => {
  test.each([
    ['a title', 'Stations\nid,name,value\n1,a,2\n2,b,3\n', 2],
    ['a title over all columns', 'Stations,,\n,,\nid,name,value\n1,a,2\n', 3],
    ['blank rows', '\n\nid,name\n1,a\n', 3],
    ['a title of two lines', '"Stations\nof 2026",,\nid,name,value\n1,a,2\n', 3],
  ])('stands below %s', async (_, content, row) => {
    const { columns, start } = await layout(content);
    expect(columns.slice(0, 2)).toEqual(['id', 'name']);
    expect(start.row).toBe(row + 1);
  });

  test('is missing where the first row has numbers in the columns of numbers', async () => {
    const { columns, start } = await layout('Anna,30,1.5\nBen,25,2.5\nCarla,41,0.5\n');
    expect({ columns, start }).toEqual({
      columns: ['column_1', 'column_2', 'column_3'],
      start: { offset: 0, row: 1 },
    });
    expect((await layout('2026-01-01,a\n2026-01-02,b\n2026-01-03,c\n')).columns).toEqual(['column_1', 'column_2']);
  });
});

describe('footer', () => {
  const table = lines('id,name,value', '1,a,2', '2,b,3');
  test.each([
    ['a source', `${table}Source: us,,\n`, 1],
    ['a note in one cell', `${table}Figures of the last year are estimates\n`, 1],
    ['an empty row and notes', `${table},,\nNote: none,,\n\n"(c) us",,\n`, 4],
  ])('%s is no data', async (_, content, rows) => {
    expect((await layout(content)).skip_footer).toBe(rows);
    expect(await readValues(openCsv(content))).toHaveLength(2);
  });

  test('is found at the end of a large file, in a sample that begins within quotes', async () => {
    const rows = repeated((index) => `${index},"text, with\n\n${'line, of, text\n'.repeat(20)}",x`, 500);
    const content = `id,text,mark\n${rows}Source: us,,\n`;
    expect((await layout(content)).skip_footer).toBe(1);
    expect(await readValues(openCsv(content))).toHaveLength(500);
  });
});

describe('values', () => {
  test.each([
    [{ decimal: ',' }, 'a;b\nx;3000,00\ny;1,5\n'],
    [{ thousands: ',' }, 'a,b\nx,"1,234"\ny,"2,345"\nz,"33,456"\nw,12\n'],
    [{ decimal: ',', thousands: '.' }, 'a;b\nx;1.234,50\ny;2.345,50\nz;12.345,5\n'],
    [{ thousands: ' ' }, 'a;b\nx;1 234\ny;22 345\nz;1 000 000\n'],
    [{ decimal: ',', thousands: '.' }, 'a;b\nx;1.234,50\ny;-99,95\n'],
    [{ decimal: ',', thousands: '.' }, 'a;b\nx;1.234,50\ny;1234,50\n'],
    [{ decimal: ',', thousands: ' ' }, 'a;b\nx;1 234,50\ny;99,95\n'],
    [{ thousands: ',' }, 'a;b\nx;1,234.50\ny;99.95\n'],
    [{}, 'a;b\nx;1.234,50\ny;99.95\n'],
    [{}, 'a;b\nx;1,234\ny;22,345\nz;2.5\n'],
    [{}, 'a;b\nx;1.5\ny;2,5\n'],
    [{}, 'a,b\nx,1234\ny,0.5\n'],
  ])('%j is how numbers are written in %j', async (style, content) => {
    const { decimal, thousands } = await layout(content);
    expect({ decimal, thousands }).toEqual({ decimal: undefined, thousands: undefined, ...style });
  });

  test('words for missing numbers, unless they are also text', async () => {
    const numbers = repeated((index) => `${index},a`, 6);
    expect((await layout(`id,name\n${numbers}n/a,b\n***,c\n`)).null_words).toEqual(['***', 'n/a']);
    expect((await layout(`id,name\n${numbers}n/a,b\n8,n/a\n`)).null_words).toEqual([]);
    expect((await layout(`id,name\n${numbers}closed,b\n`)).null_words).toEqual([]);
  });

  test('times that are not ISO 8601 are told with their format, unless day and month may be swapped', async () => {
    const content = (...dates: string[]) => lines('name,at', ...dates.map((date) => `x,${date}`));
    expect(await notes(content('31.12.2026 08:00', '01.02.2026 09:30'))).toEqual([
      'times in "at" are written as dd.MM.yyyy HH:mm: all 2 values, such as "31.12.2026 08:00"',
    ]);
    expect(await notes(content('01/02/2026', '03/04/2026'))).toEqual([]);
    expect(await notes(content('2026-12-31', '2026-12-30'))).toEqual([]);
  });
});

describe('what is told', () => {
  const content = latin1('Title\n\nname;wert\n\xe9;1,5\nx;2,5\ny;n/a\nQuelle: wir\n');
  const told: CsvOptions = {
    encoding: 'utf-8',
    delimiter: ',',
    quote: '"',
    escape: '"',
    header_row: 1,
    skip_footer: 0,
    decimal: '.',
    thousands: "'",
    null_words: [],
  };

  test('is never found out', async () => {
    const { layout, choices, notes } = await look(content, told);
    const { header_row: headerRow, ...marks } = told;
    expect(layout).toMatchObject({ ...marks, columns: ['Title'], start: { row: Number(headerRow) + 1 } });
    expect(choices).toEqual([]);
    expect(notes).toEqual([]);
  });

  test('leaves the rest to be found out, each with evidence and confidence', async () => {
    const { layout, choices } = await look(content, { delimiter: ';', null_words: ['-'] });
    expect(layout).toMatchObject({ delimiter: ';', null_words: ['-'], columns: ['name', 'wert'], decimal: ',' });
    const found = ['encoding', 'quote', 'escape', 'header_row', 'skip_footer', 'decimal'];
    expect(choices.map(({ path }) => path)).toEqual(found.map((option) => `source.options.${option}`));
    for (const { evidence, confidence } of choices) {
      expect(evidence).not.toBe('');
      expect(confidence).toBeGreaterThan(0.5);
      expect(confidence).toBeLessThan(1);
    }
  });

  test('and found alike is read alike', async () => {
    const { layout } = await look(content);
    const { layout: again } = await look(content, {
      encoding: layout.encoding,
      delimiter: layout.delimiter,
      quote: layout.quote,
      escape: layout.escape,
      header_row: layout.start.row - 1,
      skip_footer: layout.skip_footer,
      null_words: layout.null_words,
      decimal: layout.decimal,
    });
    expect(again).toEqual(layout);
  });
});

test.each([
  ['a cell of digits and a letter', `a,b\n${`${'1'.repeat(30_000)}x,1\n`.repeat(2)}`],
  ['a cell of digits in groups', `a,b\n"${'1,234'.repeat(12_000)}x",1\n`],
  ['many columns', `${'a,'.repeat(10_000)}a\n${'1,'.repeat(10_000)}1\n`],
])('%s takes no time', async (_, content) => {
  const start = performance.now();
  await look(content);
  expect(performance.now() - start).toBeLessThan(2000);
});

test('the end of a file is not sought where a server would send all of it', async () => {
  const file = memoryFile(repeated((index) => `${index},x`, 2_000_000));
  const sequential = { ...file, stat: async () => ({ ...(await file.stat(signal)), isSequential: true }) };
  await lookAtCsv({}, sequential, signal);
  expect(file.reads).toEqual([{ offset: 0, end: 65_536 }]);
});
