import { RunFailure } from '../../domain/errors.ts';
import type { FileLocation, RemoteFile } from '../../domain/file.ts';
import { mapValues } from '../../domain/infer/value-mapping.ts';
import type { SourceBatch } from '../../domain/source.ts';
import { xlsxLayoutOf } from '../xlsx/layout.ts';
import { xlsxSource } from '../xlsx/xlsx-source.ts';
import type { Inferred } from './inferred.ts';

const SAMPLE_ROWS = 500;

/** Finds out which sheet of a workbook is to be read; its rows and their names are found at each first look. */
export async function inferXlsx(location: FileLocation, file: RemoteFile, signal: AbortSignal): Promise<Inferred> {
  const source = xlsxSource({ type: 'XLSX', location }, file);
  const plan = await source.prepare(signal);
  const { sheet, columns, start_row: startRow } = xlsxLayoutOf(plan);
  const batches = source.read({ plan, from: null, batchSize: SAMPLE_ROWS, signal })[Symbol.asyncIterator]();
  const first = await batches.next();
  const isWhole = first.done === true || (await batches.next()).done === true;
  await batches.return?.();
  const sample: SourceBatch['records'] = first.done ? [] : first.value.records;
  const records = sample.flatMap((record) => ('fields' in record ? [record.fields] : []));
  if (records.length === 0) throw new RunFailure('failed', `sheet "${sheet}" has no rows of data`);
  const { mapping, choices } = mapValues(records, isWhole);
  const above = `${columns.length} names above row ${startRow}`;
  const told = plan.notes.length === 0 ? above : `${above}; ${plan.notes.join('; ')}`;
  return {
    source: { type: 'XLSX', location, options: { sheet } },
    mapping,
    choices: [
      { path: 'source.type', value: 'XLSX', evidence: 'a workbook', confidence: 1 },
      { path: 'source.options.sheet', value: sheet, evidence: told, confidence: 0.8 },
      ...choices,
    ],
  };
}
