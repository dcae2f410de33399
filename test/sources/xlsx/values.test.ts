import { expect, test } from '@jest/globals';
import { readBatches, readValues } from '../../support/read-source.ts';
import { cell, error, formatted, inline, type XlsxCell, type XlsxOptions, xlsxFile } from '../../support/xlsx-file.ts';
import { openXlsx } from './open-xlsx.ts';

/** What the cells of a single row mean. */
async function meanings(cells: readonly XlsxCell[], options: XlsxOptions = {}) {
  const [values] = await readValues(openXlsx(xlsxFile([cells], options), { header_row: 0 }));
  return values;
}

async function problemOf(written: XlsxCell, options: XlsxOptions = {}): Promise<string | undefined> {
  const [batch] = await readBatches(openXlsx(xlsxFile([['first', written]], options), { header_row: 0 }));
  const [record] = batch?.records ?? [];
  return record !== undefined && 'fields' in record ? record.fields.problemOf?.('column_2') : undefined;
}

test('text: shared, inline, of formulas, rich, with phonetic runs left out and escapes undone', async () => {
  const rich = '<r><t xml:space="preserve">two </t></r><r><rPr><b/></rPr><t>parts</t></r>';
  const phonetic = '<t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh><phoneticPr fontId="1"/>';
  const cells: XlsxCell[] = [
    ' Tom & Jerry ',
    inline(rich),
    inline(phonetic),
    cell('t="str"', '<f>A1</f><v>1900-01-01</v>'),
    inline('<t>a_x000D_b_x005F_x0041_</t>'),
    cell('t="s"', '<v>0</v>'),
    cell('t="s"', '<v>1</v>'),
    inline('<t><![CDATA[<cdata>]]></t>'),
  ];
  expect(await meanings(cells, { strings: [`<si>${rich}</si>`, `<si>${phonetic}</si>`] })).toEqual([
    ' Tom & Jerry ',
    'two parts',
    '東京',
    '1900-01-01',
    'a\rb_x0041_',
    'two parts',
    '東京',
    '<cdata>',
  ]);
});

test('numbers and booleans keep their own type; what a double can’t hold keeps its digits', async () => {
  const numbers = [
    '7',
    '-0.5',
    '1E+22',
    '0.10000000000000001',
    '41800000.009999998',
    '12345678901234567',
    '1.50',
    '-0',
  ];
  const row = await meanings([
    ...numbers.map((text) => cell('', `<v>${text}</v>`)),
    true,
    cell('t="b"', '<v>false</v>'),
  ]);
  expect(JSON.stringify(row)).toBe('[7,-0.5,1e+22,0.1,41800000.01,12345678901234567,1.5,-0,true,false]');
});

test('blank is no value: no cell, only a format, an empty text, an empty formula', async () => {
  const cells: XlsxCell[] = [1, null, cell('s="1"', ''), '', cell('t="str"', '<f>""</f><v></v>'), cell('', '<v/>'), 2];
  expect(await meanings(cells, { formats: ['0'] })).toEqual([1, null, null, null, null, null, 2]);
});

test.each([
  ['0', '1900-01-00 is no day', undefined],
  ['1', 'the first day', '1900-01-01'],
  ['59', 'the last day before the leap bug', '1900-02-28'],
  ['60', '1900-02-29 is no day', undefined],
  ['61', 'the first day after the leap bug', '1900-03-01'],
  ['44197', 'a day', '2021-01-01'],
  ['42488.479166666664', 'a time that a double can’t hold', '2016-04-28T11:30:00'],
  ['42488.4791666667', 'the same with fewer digits', '2016-04-28T11:30:00'],
  ['44197.0000057870', 'milliseconds', '2021-01-01T00:00:00.500'],
  ['2958465', 'the last day', '9999-12-31'],
  ['2958466', 'the day after', undefined],
  ['-1', 'before the first day', undefined],
])('1900 system: %s, %s', async (serial, _, date) => {
  const written = formatted(1, serial);
  const options = { formats: ['yyyy-mm-dd'] };
  if (date === undefined) {
    const problem = `cell B1: ${serial} is formatted as a date, but there is no such date`;
    expect(await problemOf(written, options)).toBe(problem);
  } else expect(await meanings([written], options)).toEqual([date]);
});

test.each(['1', 'true'])('1904 system, date1904="%s"', async (flag) => {
  const options = { formats: ['yyyy-mm-dd'], properties: `date1904="${flag}"` };
  const cells = [0, 60, 42735, -1].map((serial) => formatted(1, serial));
  expect(await meanings(cells, options)).toEqual(['1904-01-01', '1904-03-01', '2021-01-01', '1903-12-31']);
});

test('date1904="0" and a flag among the extensions are the 1900 system', async () => {
  const properties =
    'date1904="0"/><extLst><ext><x14:workbookPr xmlns:x14="urn:x" date1904="1"/></ext></extLst><fileVersion ';
  expect(await meanings([formatted(1, 44197)], { formats: [14], properties })).toEqual(['2021-01-01']);
});

test.each<[string | number, string | number]>([
  [14, '2021-01-01T12:00:00'],
  [18, '2021-01-01T12:00:00'],
  [22, '2021-01-01T12:00:00'],
  [46, '1060740:00:00'],
  [57, '2021-01-01T12:00:00'],
  ['dd.mm.yy', '2021-01-01T12:00:00'],
  ['[$-409]d\\ mmm;@', '2021-01-01T12:00:00'],
  ['mmm', '2021-01-01T12:00:00'],
  ['[h]:mm', '1060740:00:00'],
  [0, 44197.5],
  [2, 44197.5],
  [9, 44197.5],
  ['General', 44197.5],
  ['0.00E+00', 44197.5],
  ['#,##0.00\\ "mph"', 44197.5],
  ['[Red]0', 44197.5],
  ['"Day "0', 44197.5],
  ['0_h', 44197.5],
  ['0;yyyy', 44197.5],
  ['@', 44197.5],
])('the format %j makes 44197.5 %j', async (format, expected) => {
  expect(await meanings([formatted(1, 44197.5)], { formats: [format] })).toEqual([expected]);
});

test('times of day, and durations beyond a day', async () => {
  const formats = ['h:mm', '[hh]:mm:ss', 'h:mm AM/PM', 'mm:ss.0'];
  const cells = [
    formatted(1, 0.4375),
    formatted(2, 10.632060185185185),
    formatted(2, 0.25),
    formatted(2, -0.5),
    formatted(3, 0.999988425925926),
    formatted(4, 0.0006944560185),
    formatted(2, '1e300'),
  ];
  expect(await meanings(cells, { formats })).toEqual([
    '10:30:00',
    '255:10:10',
    '06:00:00',
    '-12:00:00',
    '23:59:59',
    '00:01:00.001',
    '1e300',
  ]);
});

test('midnight of a date with a time is told', async () => {
  const cells = [formatted(1, 44197), formatted(2, 44197)];
  expect(await meanings(cells, { formats: ['yyyy-mm-dd hh:mm', 'yyyy-mm-dd'] })).toEqual([
    '2021-01-01T00:00:00',
    '2021-01-01',
  ]);
});

test('ISO date cells are taken as they are', async () => {
  const cells = ['2021-01-01', '2021-01-01T10:10:10', '10:10:10'].map((text) => cell('t="d"', `<v>${text}</v>`));
  expect(await meanings(cells)).toEqual(['2021-01-01', '2021-01-01T10:10:10', '10:10:10']);
});

test.each([
  [error('#DIV/0!'), '#DIV/0!'],
  [cell('t="s"', '<v>99</v>'), 'there is no shared string 99'],
  [cell('t="s"', '<v>-1</v>'), 'there is no shared string -1'],
  [cell('t="s"', '<v>0.5</v>'), 'there is no shared string 0.5'],
  [cell('', '<v>seven</v>'), '"seven" is not a number'],
  [cell('', `<v>1${'0'.repeat(300_000)}1</v>`), 'a number has more than 1000 characters'],
  [cell('', '<v>NaN</v>'), '"NaN" is not a number'],
  [cell('', '<f>1+1</f>'), 'the value of its formula was not saved in the file'],
  [cell('', '<f>1+1</f><v/>'), 'the value of its formula was not saved in the file'],
  [cell('', '<f>1+1</f><v> </v>'), 'the value of its formula was not saved in the file'],
])('a cell without a usable value says why', async (written, why) => {
  expect(await problemOf(written)).toBe(`cell B1: ${why}`);
});
