import type { Source } from '../../../lambdas/domain/source.ts';
import type { XlsxOptions } from '../../../lambdas/sources/xlsx/config.ts';
import { xlsxSource } from '../../../lambdas/sources/xlsx/xlsx-source.ts';
import { memoryFile } from '../../support/memory-file.ts';

/** An XLSX source over bytes in memory. */
export function openXlsx(content: Uint8Array, options: XlsxOptions = {}, cuts?: number): Source {
  const file = memoryFile(content, cuts === undefined ? {} : { cuts });
  return xlsxSource({ type: 'XLSX', location: { url: 'https://files.example/data.xlsx' }, options }, file);
}
