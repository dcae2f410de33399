import type { RemoteFile } from '../../domain/file.ts';
import type { ReadingPlan } from '../../domain/source.ts';
import type { CsvSourceConfig } from './config.ts';
import { lookAtCsv } from './look-at-csv.ts';

/** The first look at a CSV file: what the options leave open is found out and told in the notes. */
export async function prepareCsv(config: CsvSourceConfig, file: RemoteFile, signal: AbortSignal): Promise<ReadingPlan> {
  const { version, notes, layout } = await lookAtCsv(config.options ?? {}, file, signal);
  return { version, notes, details: layout };
}
