import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compileMapping } from '../../lambdas/domain/mapping/compile-mapping.ts';
import type { SourceRecord } from '../../lambdas/domain/source.ts';
import { xlsxSource } from '../../lambdas/sources/xlsx/xlsx-source.ts';
import { memoryFile } from '../support/memory-file.ts';
import { readBatches } from '../support/read-source.ts';
import { difference, type Finding } from './check-csv.ts';
import { type XlsxReading, type XlsxSample, xlsxSamples } from './xlsx-samples.ts';

type Reading = { readonly columns: readonly string[]; readonly records: readonly SourceRecord[] };

/** Real XLSX files beside their right reading, and those that can't be read beside the reason. */
export function checkXlsxSamples(directory: string): Promise<Finding[]> {
  return Promise.all(xlsxSamples.map((sample) => checkSample(directory, sample)));
}

async function checkSample(directory: string, sample: XlsxSample): Promise<Finding> {
  const sheet = sample.options?.sheet;
  const file = sheet === undefined ? sample.file : `${sample.file}, ${sheet}`;
  const reading = await readXlsx(join(directory, 'xlsx', sample.file), sample);
  if ('refused' in sample) {
    const reason = reading instanceof Error ? reading.message : 'it was read';
    const differences = reason.includes(sample.refused) ? [] : [`${reason} instead of ${sample.refused}`];
    return { file, read: 'refused', differences };
  }
  if (reading instanceof Error) return { file, read: 'refused', differences: [reading.message] };
  const read = `${reading.records.length} × ${reading.columns.length}`;
  return { file, read, differences: [...readingDifferences(reading, sample), ...mappingDifferences(reading, sample)] };
}

async function readXlsx(path: string, { options = {} }: XlsxSample): Promise<Reading | Error> {
  const config = { type: 'XLSX', location: { url: 'https://samples.example/' }, options } as const;
  const source = xlsxSource(config, memoryFile(await readFile(path)));
  try {
    const plan = await source.prepare(new AbortController().signal);
    const batches = await readBatches(source, { plan });
    return { columns: plan.details.columns as readonly string[], records: batches.flatMap(({ records }) => records) };
  } catch (error) {
    return error as Error;
  }
}

function readingDifferences({ columns, records }: Reading, sample: XlsxReading): string[] {
  const valuesOf = (record: SourceRecord) =>
    'fields' in record ? columns.map((name) => record.fields.get(name)) : record.rejected;
  const column = (number: number) => records.map((record) => valuesOf(record)[number - 1]);
  const rows = new Map(records.map((record) => [record.row, valuesOf(record)]));
  return [
    ...difference('columns', columns, sample.columns),
    ...difference('records', records.length, sample.records),
    ...Object.entries(sample.rows ?? {}).flatMap(([row, values]) =>
      difference(`row ${row}`, rows.get(Number(row)), values),
    ),
    ...Object.entries(sample.values ?? {}).flatMap(([at, values]) =>
      difference(`column ${at}`, column(Number(at)), values),
    ),
    ...(sample.same ?? []).flatMap(([one, other]) =>
      difference(`columns ${one} and ${other}`, column(one), column(other)),
    ),
  ];
}

/** A mapping of every column takes every record but those with cells in error. */
function mappingDifferences({ columns, records }: Reading, { misfits = {} }: XlsxReading): string[] {
  const map = compileMapping({}, { names: columns, numberStyle: {}, wrapperId: 'conformance', version: 'v1' });
  const found = records.flatMap((record) => {
    const point = 'rejected' in record ? record : map(record.fields, record.row);
    return 'rejected' in point ? [[String(record.row), point.rejected] as const] : [];
  });
  return difference('rows that do not fit', Object.fromEntries(found), misfits);
}
