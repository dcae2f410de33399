import type { JsonValue } from '../../lambdas/domain/json.ts';
import type { Position, ReadingPlan, Source, SourceBatch, SourceRecord } from '../../lambdas/domain/source.ts';

export type ReadOptions = { from?: Position | null; batchSize?: number; until?: Position; plan?: ReadingPlan };

export async function readBatches(source: Source, options: ReadOptions = {}): Promise<SourceBatch[]> {
  const { signal } = new AbortController();
  const { from = null, batchSize = 500, until } = options;
  const plan = options.plan ?? (await source.prepare(signal));
  const request = { plan, from, batchSize, signal, ...(until === undefined ? {} : { until }) };
  return Array.fromAsync(source.read(request));
}

/** A record as plain data: its row and either its fields, in order, or why it was rejected. */
export type PlainRecord =
  | { readonly row: number; readonly fields: readonly (readonly [string, JsonValue | undefined])[] }
  | { readonly row: number; readonly rejected: string; readonly raw: string };

export function plain(record: SourceRecord): PlainRecord {
  if ('rejected' in record) return record;
  const { names } = record.fields;
  return { row: record.row, fields: names.map((name) => [name, record.fields.get(name)] as const) };
}

export async function readRecords(source: Source, options?: ReadOptions): Promise<PlainRecord[]> {
  const batches = await readBatches(source, options);
  return batches.flatMap((batch) => batch.records.map(plain));
}

/** Only the values, row by row; a rejected row is its reason. */
export async function readValues(
  source: Source,
  options?: ReadOptions,
): Promise<(string | (JsonValue | undefined)[])[]> {
  const records = await readRecords(source, options);
  return records.map((record) => ('rejected' in record ? record.rejected : record.fields.map(([, value]) => value)));
}
