import type { MappingConfig } from '../../lambdas/domain/mapping/mapping-config.ts';
import type { CsvOptions } from '../../lambdas/sources/csv/config.ts';

/** The right reading of a real file, told by people who looked at it. */
export type CsvSample = {
  /** Below `csv/`. */
  readonly file: string;
  /** What people would tell; the file tells it too. */
  readonly options?: CsvOptions;
  /** How many columns, and how many records that can be read. */
  readonly columns: number;
  readonly records: number;
  /** Rows that can't be read. Default: none. */
  readonly rejected?: readonly number[];
  /** Single cells: number of the record from 1 (negative: from the end), column, text. */
  readonly cells?: readonly (readonly [record: number, column: string, value: string | null])[];
  /** A mapping that every record fits, and fields of single points. */
  readonly mapping?: MappingConfig;
  readonly points?: readonly (readonly [record: number, field: string, json: string])[];
};

const number = (from: string) => ({ from, type: 'number' }) as const;

export const csvSamples: readonly CsvSample[] = [
  {
    file: 'messytables__mixedGLB.csv',
    options: { header_row: 4, null_words: ['*****', '****'] },
    columns: 19,
    records: 133,
    cells: [
      [1, 'Year', '1880'],
      [1, 'D-N', null],
      [-1, 'Year', '2012'],
      [-1, 'May', '61'],
      [-1, 'Jun', null],
      [-1, 'MAM', '54'],
      [-1, 'SON', null],
    ],
    mapping: { fields: [{ from: 'Year', type: 'integer' }, number('Jan'), number('SON')], key: ['Year'] },
    points: [[1, 'Jan', '-43']],
  },
  {
    file: 'messytables__spanish_chars.csv',
    options: { encoding: 'iso-8859-1', skip_footer: 2, thousands: ',' },
    columns: 8,
    records: 114,
    cells: [
      [1, 'Gasto total 2011', '229,932.50'],
      [-1, 'Gasto total 2011', '7,653.70'],
      [-1, 'SF', 'Protección y Conservación del Medio Ambiente y los Recursos Naturales'],
    ],
    mapping: { fields: [number('Gasto total 2011')] },
    points: [[1, 'Gasto total 2011', '229932.50']],
  },
  {
    file: 'messytables__excel_pasting.csv',
    options: { header_row: 4, skip_footer: 3, thousands: ',' },
    columns: 9,
    records: 14,
    cells: [
      [1, 'Year', 'Timber'],
      [-1, 'Year', 'Total'],
      [-1, '2007', '108,609'],
    ],
    mapping: { fields: ['2000', '2003', '2007'].map(number) },
    points: [[-1, '2007', '108609']],
  },
  {
    file: 'messytables__example.tsv',
    options: { delimiter: '\t' },
    columns: 17,
    records: 140,
    cells: [[1, 'expr1_1_ts_ctr', '0.0000']],
    mapping: {
      fields: [number('expr1_0_imp')],
      timestamp: { from: 'hour', format: 'yyyy-MM-dd HH:mm:ss', zone: 'America/New_York' },
      key: ['hour'],
    },
    points: [[1, 'expr1_0_imp', '15955']],
  },
  {
    file: 'univocity-parsers__european.csv',
    options: { delimiter: ';', escape: '\\', decimal: ',' },
    columns: 5,
    records: 5,
    cells: [
      [2, 'Model', 'Venture "Extended Edition"'],
      [2, 'Description', null],
      [3, 'Description', 'MUST SELL!\nair; moon roof; loaded'],
      [4, 'Model', 'Venture "Extended Edition; Very Large"'],
      [5, 'Year', null],
    ],
    mapping: { fields: [number('Price'), { from: 'Year', type: 'integer' }] },
    points: [[1, 'Price', '3000.00']],
  },
  {
    file: 'csvkit__Datagov_FY10_EDU_recp_by_State.csv',
    options: { header_row: 3, skip_footer: 2, thousands: ',' },
    columns: 9,
    records: 53,
    cells: [[-1, 'State Name', 'PHILIPPINES']],
  },
  {
    file: 'frictionless-py__accent.csv',
    options: { delimiter: ';' },
    columns: 17,
    records: 2,
    cells: [[1, 'code_insee', '06090']],
    mapping: {
      fields: [{ from: 'code_insee', type: 'string' }, number('puiss_max')],
      timestamp: { from: 'date_maj', format: 'yyyy/M/d', zone: 'Europe/Paris' },
    },
    points: [[1, 'code_insee', '"06090"']],
  },
  {
    file: 'tiny/csvkit__mac_newlines.csv',
    columns: 3,
    records: 2,
    cells: [[2, 'a', 'Once upon\ra time']],
  },
  { file: 'tiny/csvkit__null_byte.csv', columns: 3, records: 1, cells: [[1, 'a', '\0']] },
  {
    file: 'tiny/csvkit__test_latin1.csv',
    options: { encoding: 'latin1' },
    columns: 3,
    records: 2,
    cells: [[2, 'c', '©']],
  },
  { file: 'tiny/csvkit__test_utf16_little.csv', columns: 3, records: 2, cells: [[2, 'c', 'ʤ']] },
  { file: 'tiny/csvkit__test_utf8_bom.csv', columns: 3, records: 2, cells: [[2, 'baz', 'ʤ']] },
  { file: 'tiny/frictionless-py__defective-rows.csv', columns: 3, records: 0, rejected: [2, 3] },
  {
    file: 'tiny/frictionless-py__duplicate-headers.csv',
    columns: 5,
    records: 2,
    cells: [
      [2, 'id', '1102'],
      [2, 'id_2', '0'],
      [2, 'id_3', '001102'],
    ],
  },
  { file: 'tiny/frictionless-py__leading-zeros.csv', columns: 1, records: 3, cells: [[1, 'value', '01']] },
];

/** csv-spectrum files that can't be checked by their JSON, and why. */
export const csvSpectrumExceptions: { readonly [file: string]: string } = {
  'location_coordinates.csv': 'its JSON expects another phone number than its CSV has',
};
