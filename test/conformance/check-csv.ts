import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { compileMapping } from '../../lambdas/domain/mapping/compile-mapping.ts';
import type { NumberStyle } from '../../lambdas/domain/mapping/mapping-config.ts';
import type { Fields } from '../../lambdas/domain/source.ts';
import type { CsvOptions } from '../../lambdas/sources/csv/config.ts';
import { csvSource } from '../../lambdas/sources/csv/csv-source.ts';
import { layoutOf } from '../../lambdas/sources/csv/layout.ts';
import { memoryFile } from '../support/memory-file.ts';
import { readBatches } from '../support/read-source.ts';
import { type CsvSample, csvSamples, csvSpectrumExceptions } from './csv-samples.ts';

export type Finding = { readonly file: string; readonly read: string; readonly differences: readonly string[] };

type Reading = {
  readonly columns: readonly string[];
  readonly numberStyle: NumberStyle;
  readonly records: readonly { readonly row: number; readonly fields: Fields }[];
  readonly rejected: readonly number[];
};

async function readCsv(path: string, options: CsvOptions = {}): Promise<Reading> {
  const config = { type: 'CSV', location: { url: 'https://samples.example/' }, options } as const;
  const source = csvSource(config, memoryFile(await readFile(path)));
  const plan = await source.prepare(new AbortController().signal);
  const all = (await readBatches(source, { plan })).flatMap((batch) => batch.records);
  return {
    columns: layoutOf(plan).columns,
    numberStyle: layoutOf(plan),
    records: all.filter((record) => 'fields' in record),
    rejected: all.filter((record) => 'rejected' in record).map((record) => record.row),
  };
}

async function checkSample(directory: string, sample: CsvSample, options: CsvOptions): Promise<Finding> {
  const reading = await readCsv(join(directory, 'csv', sample.file), options);
  const { columns, records, rejected } = reading;
  const differences = [
    ...difference('columns', columns.length, sample.columns),
    ...difference('records', records.length, sample.records),
    ...difference('rejected rows', rejected, sample.rejected ?? []),
    ...(sample.cells ?? []).flatMap(([record, column, value]) =>
      difference(`record ${record}, "${column}"`, records.at(indexOf(record))?.fields.get(column), value),
    ),
    ...mappingDifferences(sample, reading),
  ];
  const told = Object.keys(options).length === 0 ? 'nothing told' : `told ${Object.keys(options).join(', ')}`;
  return { file: sample.file, read: `${records.length} × ${columns.length}, ${told}`, differences };
}

function mappingDifferences(sample: CsvSample, { columns, records, numberStyle }: Reading): string[] {
  if (sample.mapping === undefined) return [];
  const context = { names: columns, numberStyle, wrapperId: 'conformance', version: 'v1' };
  const map = compileMapping(sample.mapping, context);
  const points = records.map(({ fields, row }) => map(fields, row));
  return [
    ...points.flatMap((point) => ('rejected' in point ? [point.rejected] : [])),
    ...(sample.points ?? []).flatMap(([record, field, json]) => {
      const point = points.at(indexOf(record));
      const text = point === undefined || 'rejected' in point ? '' : point.json;
      return text.includes(`${JSON.stringify(field)}:${json}`) ? [] : [`point ${record}, "${field}": not ${json}`];
    }),
  ];
}

/** Each file of csv-spectrum beside the JSON that it comes with. */
export async function checkCsvSpectrum(directory: string): Promise<Finding[]> {
  const folder = join(directory, 'csv', 'csv-spectrum');
  const files = (await readdir(folder)).filter((file) => file.endsWith('.csv'));
  return Promise.all(
    files.map(async (file) => {
      const { columns, records } = await readCsv(join(folder, file));
      const read = `${records.length} × ${columns.length}`;
      const exception = csvSpectrumExceptions[file];
      if (exception !== undefined)
        return { file: `csv-spectrum/${file}`, read: `${read} (${exception})`, differences: [] };
      const expected = JSON.parse(await readFile(join(folder, `${basename(file, '.csv')}.json`), 'utf8'));
      const found = records.map(({ fields }) =>
        Object.fromEntries(fields.names.map((name) => [name, fields.get(name) ?? ''])),
      );
      return { file: `csv-spectrum/${file}`, read, differences: difference('records', found, expected) };
    }),
  );
}

/** Each sample as people tell it to be read, and once more with nothing told: all there is to know is in the file. */
export async function checkSamples(directory: string): Promise<Finding[]> {
  const told = csvSamples.filter(({ options }) => options !== undefined);
  return Promise.all([
    ...told.map((sample) => checkSample(directory, sample, sample.options ?? {})),
    ...csvSamples.map((sample) => checkSample(directory, sample, {})),
  ]);
}

const indexOf = (record: number) => (record > 0 ? record - 1 : record);

export function difference(what: string, found: unknown, expected: unknown): string[] {
  if (isDeepStrictEqual(found, expected)) return [];
  return [`${what}: ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`];
}
