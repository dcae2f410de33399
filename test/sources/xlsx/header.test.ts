import { expect, test } from '@jest/globals';
import { readRecords, readValues } from '../../support/read-source.ts';
import { error, type XlsxCell, xlsxFile } from '../../support/xlsx-file.ts';
import { openXlsx } from './open-xlsx.ts';

const { signal } = new AbortController();

type Look = { columns: readonly string[]; notes: readonly string[]; firstRow: number | undefined };

async function look(
  rows: readonly (readonly XlsxCell[])[],
  merges: readonly string[] = [],
  options: { header_row?: number } = {},
): Promise<Look> {
  const source = openXlsx(xlsxFile([], { sheets: [{ rows, merges }] }), options);
  const { notes, details } = await source.prepare(signal);
  const [first] = await readRecords(source);
  return { columns: details.columns as string[], notes, firstRow: first?.row };
}

const data = [1, 'Tahoe', 0.5] as const;

test('the header is the first row that names what the rows have: titles and notes above are passed over', async () => {
  const header = ['id', 'name', 'share'];
  const named = { columns: header };
  expect(await look([header, data])).toEqual({ ...named, notes: [], firstRow: 2 });
  expect(await look([['Stations'], [], ['as of', '2021'], header, data, data])).toEqual({
    ...named,
    notes: ['header in row 4'],
    firstRow: 5,
  });
});

test('a sheet that begins with data has no header', async () => {
  const numbered = { columns: ['column_1', 'column_2', 'column_3'], firstRow: 1 };
  const rows = [1000, 1001, 1002].map((id) => [id, 'Tahoe', id / 2]);
  expect(await look(rows)).toEqual({
    ...numbered,
    notes: ['no header: row 1 has values where the rows below have them'],
  });
  expect(await readValues(openXlsx(xlsxFile(rows)))).toHaveLength(3);
});

test('years and running numbers over numbers are names', async () => {
  for (const first of [2021, 0, 1]) {
    const names = ['name', first, first + 1];
    const found = await look([names, ['Tahoe', 3, 4], ['Donner', 5, 6], ['Echo', 7, 8]]);
    expect(found).toMatchObject({ columns: names.map(String), firstRow: 2 });
  }
});

test('the first column may be without a name, as that of an index', async () => {
  expect(await look([[null, 'a', 'b'], data, data])).toMatchObject({ columns: ['column_1', 'a', 'b'], firstRow: 2 });
});

test('a row of data is no header, even where a column has no name', async () => {
  const rows = [['id', null, 'share'], data, data];
  expect(await look(rows)).toMatchObject({ columns: ['id', 'column_2', 'share'], firstRow: 2 });
});

test('names may be numbers where no row is text', async () => {
  expect(
    await look([
      ['name', 2021, 2022],
      ['Tahoe', 1, 2],
    ]),
  ).toMatchObject({ columns: ['name', '2021', '2022'] });
});

test('a column that few rows have, or none, does not need a name', async () => {
  const rows = [['id', 'name', 'share', null, 'none'], data, data, [...data, 'note'], data];
  expect(await look(rows)).toEqual({
    columns: ['id', 'name', 'share', 'column_4', 'none'],
    notes: ['empty header of column 4 named "column_4"'],
    firstRow: 2,
  });
});

test('duplicate names are made unique; names that are no text are what they look like', async () => {
  const { columns, notes } = await look([
    ['id', 'id', 2021, true, error('#REF!')],
    [1, 2, 3, 4, 5],
  ]);
  expect(columns).toEqual(['id', 'id_2', '2021', 'true', '#REF!']);
  expect(notes).toEqual(['duplicate header "id" of column 2 renamed to "id_2"']);
});

test('a range that does not begin at A1', async () => {
  const rows = [[], [null, 'a', 'b'], [null, 1, 2]];
  expect(await look(rows)).toEqual({ columns: ['a', 'b'], notes: ['header in row 2'], firstRow: 3 });
  expect(await readValues(openXlsx(xlsxFile(rows)))).toEqual([[1, 2]]);
});

test('a given header row counts physical rows', async () => {
  const rows = [['one', 'two'], [], ['a', 'b'], [1, 2]];
  expect(await look(rows, [], { header_row: 3 })).toEqual({ columns: ['a', 'b'], notes: [], firstRow: 4 });
  expect(await look(rows, [], { header_row: 1 })).toMatchObject({ columns: ['one', 'two'], firstRow: 3 });
});

test('without a header columns have numbers, from the first one that is used', async () => {
  const rows = [[], [null, 1, 2], [null, 3, 4]];
  expect(await look(rows, [], { header_row: 0 })).toEqual({
    columns: ['column_1', 'column_2'],
    notes: [],
    firstRow: 2,
  });
});

test('a header merged over columns names each of them', async () => {
  const rows = [['id', 'wind', null], data];
  expect(await look(rows, ['B1:C1'])).toMatchObject({ columns: ['id', 'wind', 'wind_2'], firstRow: 2 });
});

test('a header merged over rows is put together from all of them', async () => {
  const rows = [['Station', 'Temperature', null], [null, 'min', 'max'], data];
  const merged = { columns: ['Station', 'Temperature min', 'Temperature max'], firstRow: 3 };
  const merges = ['A1:A2', 'B1:C1'];
  const notes = ['header in rows 1 to 2, by its merged cells'];
  expect(await look(rows, merges)).toEqual({ ...merged, notes });
  expect(await look(rows, merges, { header_row: 1 })).toEqual({ ...merged, notes });
  expect(await look(rows, merges, { header_row: 2 })).toEqual({ ...merged, notes });
});

test('a title merged over all columns is passed over, also above a header of several rows', async () => {
  const rows = [
    ['Report', null, null],
    [],
    [],
    ['Station', 'Temperature', null],
    [null, 'min', 'max'],
    data,
    data,
    data,
  ];
  expect(await look(rows, ['A1:C1', 'A4:A5', 'B4:C4'])).toMatchObject({
    columns: ['Station', 'Temperature min', 'Temperature max'],
    firstRow: 6,
  });
});

test('merged cells of titles and of data have no part in the header', async () => {
  const rows = [['Title', null, null], [], ['id', 'name', 'share'], data, [2, 'Donner', null]];
  expect(await look(rows, ['A1:C2', 'B5:C5', 'A4:A5'])).toMatchObject({
    columns: ['id', 'name', 'share'],
    firstRow: 4,
  });
});

test('merged cells without end do not keep it busy', async () => {
  const rows = [['id', null, 'share'], ...Array.from({ length: 50 }, () => data)];
  const everywhere = Array.from({ length: 20_000 }, () => 'A1:XFD1000');
  const before = process.cpuUsage();
  expect(await look(rows, ['A2:A1', 'B1:A1', 'A:B', ...everywhere])).toMatchObject({ firstRow: 2 });
  expect(process.cpuUsage(before).user).toBeLessThan(2_000_000);
});

test.each([
  [2, 'row 2, where the header should be, is blank (source.options.header_row)'],
  [9, 'source.options.header_row is 9, but the sheet has 3 rows'],
])('header_row %i fails with its reason', async (header_row, message) => {
  const source = openXlsx(xlsxFile([['a'], [], [1]]), { header_row });
  await expect(source.prepare(signal)).rejects.toMatchObject({ kind: 'failed', message });
});
