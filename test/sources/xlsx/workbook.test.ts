import { expect, test } from '@jest/globals';
import { readValues } from '../../support/read-source.ts';
import { type XlsxOptions, xlsxFile } from '../../support/xlsx-file.ts';
import { openXlsx } from './open-xlsx.ts';

const table = [
  ['id', 'name'],
  [1, 'Tahoe'],
  [2, 'Donner'],
] as const;
const expected = [
  [1, 'Tahoe'],
  [2, 'Donner'],
];
const { signal } = new AbortController();

test.each<[string, XlsxOptions]>([
  ['a prefix of its own', { prefix: 'x' }],
  ['strict', { strict: true }],
  ['strict with a prefix', { strict: true, prefix: 'ns0' }],
  ['stored, not deflated', { level: 0 }],
])('reads a file that is %s', async (_, options) => {
  expect(await readValues(openXlsx(xlsxFile(table, options)))).toEqual(expected);
});

test('finds its parts by relationships, whatever their names and folders', async () => {
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const relationships = (...all: string[]) => `<Relationships>${all.join('')}</Relationships>`;
  const sheet =
    '<worksheet><sheetData><row><c t="s"><v>0</v></c></row><row><c><v>5</v></c></row></sheetData></worksheet>';
  const files = {
    '_rels/.rels': relationships(`<Relationship Id="a" Type="${office}/officeDocument" Target="/book.xml"/>`),
    'xl/workbook.xml': null,
    'Book.xml': '<workbook xmlns:q="urn:q"><sheets><sheet name="S" q:id="s1"/></sheets></workbook>',
    '_rels/book.xml.rels': relationships(
      `<Relationship Id="s1" Type="${office}/worksheet" Target="deep/../tables/one.xml"/>`,
      `<Relationship Id="s2" Type="${office}/sharedStrings" Target="./texts.xml"/>`,
      `<Relationship Id="s3" Type="${office}/hyperlink" Target="https://example.com/" TargetMode="External"/>`,
    ),
    'tables\\one.xml': sheet,
    'texts.xml': '<sst><si><t>n</t></si></sst>',
  };
  expect(await readValues(openXlsx(xlsxFile([], { files })))).toEqual([[5]]);
});

test.each(['utf-16le', 'utf-16be'])('reads XML in %s', async (encoding) => {
  const text = '\uFEFF<?xml version="1.0" encoding="UTF-16"?><sst><si><t>é</t></si></sst>';
  const bytes = Buffer.from(text, 'utf16le');
  const strings = encoding === 'utf-16be' ? bytes.swap16() : bytes;
  const files = { 'xl/sharedStrings.xml': strings };
  const cells = [[(at: string) => `<c r="${at}" t="s"><v>0</v></c>`]];
  expect(await readValues(openXlsx(xlsxFile(cells, { files }), { header_row: 0 }))).toEqual([['é']]);
});

test('rows and cells may be without their reference', async () => {
  const xml =
    '<worksheet><sheetData><row><c t="str"><v>a</v></c><c t="str"><v>b</v></c></row><row r="5"><c><v>1</v></c><c r="B5"><v>2</v></c></row><row><c r="B6"><v>3</v></c></row></sheetData></worksheet>';
  expect(await readValues(openXlsx(xlsxFile([], { sheets: [{ rows: [], xml }] })))).toEqual([
    [1, 2],
    [null, 3],
  ]);
});

const sheets = [
  { name: 'Notes', state: 'hidden', rows: [['old'], [0]] },
  { name: 'Data', rows: table },
  { name: 'More', rows: [['x'], [7]] },
] as const;

test('takes the first sheet that people can see, and says so', async () => {
  const source = openXlsx(xlsxFile([], { sheets }));
  expect((await source.prepare(signal)).notes).toEqual(['sheet "Data", the first visible of 3 (1 hidden)']);
  expect(await readValues(source)).toEqual(expected);
});

test.each([
  ['More', [[7]]],
  ['more', [[7]]],
  ['Notes', [[0]]],
])('takes the sheet "%s" that is named', async (sheet, values) => {
  const source = openXlsx(xlsxFile([], { sheets }), { sheet });
  expect((await source.prepare(signal)).notes).toEqual([]);
  expect(await readValues(source)).toEqual(values);
});

test('refuses a sheet that is not there, and names those that are', async () => {
  await expect(openXlsx(xlsxFile([], { sheets }), { sheet: 'Daten' }).prepare(signal)).rejects.toMatchObject({
    kind: 'refused',
    message:
      'Invalid wrapper configuration: source.options.sheet: no sheet "Daten" (sheets: "Notes" (hidden), "Data", "More")',
  });
});

test('refuses to choose among hidden sheets', async () => {
  const hidden = [{ name: 'A', state: 'veryHidden', rows: table }];
  await expect(openXlsx(xlsxFile([], { sheets: hidden })).prepare(signal)).rejects.toThrow(
    'source.options.sheet: all sheets are hidden, name one of them (sheets: "A" (hidden))',
  );
});
