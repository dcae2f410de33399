import { RunFailure } from '../../domain/errors.ts';
import type { FileLocation, RemoteFile } from '../../domain/file.ts';
import { mapValues } from '../../domain/infer/value-mapping.ts';
import type { SourceBatch } from '../../domain/source.ts';
import { xlsxLayoutOf } from '../xlsx/layout.ts';
import { xlsxSource } from '../xlsx/xlsx-source.ts';
import type { Inferred } from './inferred.ts';

const SAMPLE_ROWS = 500;

/** Finds out which sheet of a workbook is to be read, and where the names of its columns are. */
export async function inferXlsx(location: FileLocation, file: RemoteFile, signal: AbortSignal): Promise<Inferred> {
  const source = xlsxSource({ type: 'XLSX', location }, file);
  const plan = await source.prepare(signal);
  const { sheet, columns, header_row = 0, start_row: startRow } = xlsxLayoutOf(plan);
  const batches = source.read({ plan, from: null, batchSize: SAMPLE_ROWS, signal })[Symbol.asyncIterator]();
  const first = await batches.next();
  const isWhole = first.done === true || (await batches.next()).done === true;
  await batches.return?.();
  const sample: SourceBatch['records'] = first.done ? [] : first.value.records;
  const records = sample.flatMap((record) => ('fields' in record ? [record.fields] : []));
  if (records.length === 0) throw new RunFailure('failed', `sheet "${sheet}" has no rows of data`);
  const { mapping, choices } = mapValues(records, isWhole);
  const names = header_row === 0 ? 'no names' : `${columns.length} names`;
  const told = [`${names} above row ${startRow}`, ...plan.notes].join('; ');
  return {
    source: { type: 'XLSX', location, options: { sheet, header_row } },
    mapping,
    choices: [
      { path: 'source.type', value: 'XLSX', evidence: 'a workbook', confidence: 1 },
      { path: 'source.options.sheet', value: sheet, evidence: 'the first one that is shown', confidence: 0.9 },
      { path: 'source.options.header_row', value: header_row, evidence: told, confidence: 0.8 },
      ...choices,
    ],
  };
}
