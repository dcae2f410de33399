import type { XlsxOptions } from '../../lambdas/sources/xlsx/config.ts';

type Value = string | number | boolean | null;

/** The right reading of a sheet of a real file, told by people who looked at it; or why it has to be refused. */
export type XlsxSample = {
  /** Below `xlsx/`. */
  readonly file: string;
  readonly options?: XlsxOptions;
} & ({ readonly refused: string } | XlsxReading);

export type XlsxReading = {
  readonly columns: readonly string[];
  readonly records: number;
  /** Records by their row, with all their values. */
  readonly rows?: Readonly<Record<number, readonly Value[]>>;
  /** Values of a column, by its number from 1, in all records. */
  readonly values?: Readonly<Record<number, readonly Value[]>>;
  /** Columns, by their numbers, that say the same in all records. */
  readonly same?: readonly (readonly [number, number])[];
  /** Rows that can't be taken as they are, with the reason. */
  readonly misfits?: Readonly<Record<number, string>>;
};

const dates = { columns: ['column_1', 'column_2'], records: 3 };
const dateRows = { 1: ['2021-01-01', 15], 2: ['2021-01-02', 16], 3: ['255:10:10', 17] };
const people = ['Name', 'Profession', 'Age', 'Has kids', 'Date of birth', 'Date of death'];
const errors = ['#DIV/0!', '#NAME?', '#VALUE!', '#NULL!', '#REF!', '#NUM!', '#N/A'];

export const xlsxSamples: readonly XlsxSample[] = [
  { file: 'calamine__date.xlsx', options: { header_row: 0 }, ...dates, rows: dateRows },
  { file: 'calamine__date_1904.xlsx', options: { header_row: 0 }, ...dates, rows: dateRows },
  {
    file: 'test_files__1900.xlsx',
    options: { header_row: 0 },
    columns: ['column_1', 'column_2', 'column_3', 'column_4'],
    records: 5,
    values: { 1: [1, 11, 111, 1111, 11111] },
    // What the spreadsheet itself says the dates are.
    same: [
      [2, 3],
      [2, 4],
    ],
  },
  {
    file: 'exceljs__1904.xlsx',
    options: { header_row: 0 },
    columns: ['column_1'],
    records: 1,
    rows: { 4: ['1904-01-01'] },
  },
  {
    file: 'readxl__datetime-rounding.xlsx',
    columns: ['dttm', 'dttm_string'],
    records: 4,
    rows: { 2: ['2016-04-28T11:30:00', '2016-04-28 11:30:00'], 5: ['2017-01-03T11:30:00', '2017-01-03 11:30:00'] },
  },
  {
    file: 'readxl__deaths.xlsx',
    options: { skip_footer: 4 },
    columns: people,
    records: 10,
    rows: {
      6: ['David Bowie', 'musician', 69, true, '1947-01-08', '2016-01-10'],
      15: ['George Michael', 'musician', 53, false, '1963-06-25', '2016-12-25'],
    },
  },
  {
    file: 'readxl__deaths.xlsx',
    options: { sheet: 'other', header_row: 5, skip_footer: 4 },
    columns: people,
    records: 10,
  },
  {
    file: 'frictionless-py__multiline-headers.xlsx',
    columns: [
      'Region',
      'Caloric contribution (%)',
      'Cumulative impact of changes on cost of food basket from previous quarter',
      'Cumulative impact of changes on cost of food basket from baseline (%)',
    ],
    records: 1,
    rows: { 6: ['A', 'B', 'C', 'D'] },
  },
  {
    file: 'csvkit__test_skip_lines.xlsx',
    options: { header_row: 4 },
    columns: ['text', 'date', 'integer', 'boolean', 'float', 'datetime', 'empty_column', 'column_8'],
    records: 5,
    rows: {
      5: ['Chicago Reader', '1971-01-01', 40, true, 1, '1971-01-01T04:14:00', null, null],
      7: ['Chicago Tribune', '1920-01-01', 164, false, 41800000.01, '1920-01-01T00:00:00', null, null],
      9: ['Unicode! Σ', null, null, null, null, null, null, null],
    },
  },
  {
    file: 'calamine__merged_range.xlsx',
    columns: ['A1', 'B1', 'C1', 'C1_2', 'E1', 'F1', 'G1', 'H1'],
    records: 2,
    rows: { 3: ['A3', 'B3', 'C3', null, 'E3', 'F3', 'G3', 'H3'] },
  },
  {
    file: 'calamine__errors.xlsx',
    options: { header_row: 0 },
    columns: ['column_1'],
    records: 7,
    values: { 1: errors },
    misfits: Object.fromEntries(errors.map((error, at) => [at + 1, `cell A${at + 1}: ${error}`])),
  },
  {
    file: 'readxl__inlineStr.xlsx',
    columns: ['NN', 'Hierarchy', 'column_3', 'Outline Number', 'ID', 'Name', 'Type', 'Description'],
    records: 1,
    rows: { 2: [1, '+', null, '1.01.', 'RQ11610', 'requirement', 'Textual Requirement', 'test'] },
  },
  {
    file: 'readxl__datasets.xlsx',
    columns: ['mpg', 'cyl', 'disp', 'hp', 'drat', 'wt', 'qsec', 'vs', 'am', 'gear', 'carb'],
    records: 32,
    rows: { 2: [21, 6, 160, 110, 3.9, 2.62, 16.46, 0, 1, 4, 4] },
  },
  {
    file: 'readxl__datasets.xlsx',
    options: { sheet: 'chickwts' },
    columns: ['weight', 'feed'],
    records: 71,
    rows: { 2: [179, 'horsebean'] },
  },
  {
    file: 'readxl__datasets.xlsx',
    options: { sheet: 'quakes' },
    columns: ['lat', 'long', 'depth', 'mag', 'stations'],
    records: 1000,
    rows: { 2: [-20.42, 181.62, 562, 4.8, 41] },
  },
  {
    file: 'readxl__datasets.xlsx',
    options: { sheet: 'iris' },
    refused: 'source.options.sheet: no sheet "iris" (sheets: "mtcars", "chickwts", "quakes")',
  },
  { file: 'calamine__pass_protected.xlsx', refused: 'it is protected by a password' },
];
