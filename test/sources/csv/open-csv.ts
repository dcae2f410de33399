import type { Source } from '../../../lambdas/domain/source.ts';
import type { CsvOptions } from '../../../lambdas/sources/csv/config.ts';
import { csvSource } from '../../../lambdas/sources/csv/csv-source.ts';
import { memoryFile } from '../../support/memory-file.ts';

/** A CSV source over bytes in memory. */
export function openCsv(
  content: Uint8Array | string,
  options: CsvOptions = {},
  cuts?: number | readonly number[],
): Source {
  const file = memoryFile(content, cuts === undefined ? {} : { cuts });
  return csvSource({ type: 'CSV', location: { url: 'https://files.example/data.csv' }, options }, file);
}
