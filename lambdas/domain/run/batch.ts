import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { DataPoint } from '../destination.ts';
import type { MapRecord } from '../mapping/map-record.ts';
import type { Remembered, SourceBatch, SourceRecord, WaterMarks } from '../source.ts';
import { keptRecord } from './kept-record.ts';
import type { PendingBatch, RunState } from './run-state.ts';
import type { QuarantinedRow } from './run-store.ts';

/** A batch ready to be sent. */
export type MappedBatch = {
  readonly bounds: PendingBatch;
  readonly points: readonly DataPoint[];
  readonly quarantined: readonly QuarantinedRow[];
  readonly recordsRead: number;
  readonly marks: WaterMarks | undefined;
  readonly remember: Remembered | undefined;
  readonly seq: number | undefined;
};

/** Records mapped in one go: with patterns over long texts, even these may take seconds. */
const AT_ONCE = 10;

/**
 * Maps a batch of records, and lets the run see to its other affairs meanwhile: its lease, and what it is sending.
 * Throws what the signal was aborted with.
 */
export async function mapBatch(
  batch: SourceBatch,
  map: MapRecord,
  of: Pick<RunState, 'wrapperId' | 'definitionId' | 'checkpoint'>,
  signal: AbortSignal,
): Promise<MappedBatch> {
  const { marks, remember, records, seq } = batch;
  const points: DataPoint[] = [];
  const quarantined: QuarantinedRow[] = [];
  for (let at = 0; at < records.length; at += AT_ONCE) {
    if (at > 0) await setImmediate(undefined, { signal });
    const made = mapRecords(records.slice(at, at + AT_ONCE), map);
    points.push(...made.points);
    quarantined.push(...made.quarantined);
  }
  const bounds = { batchId: batchIdOf(batch, points, of), from: batch.from, to: batch.to };
  return { bounds, points, quarantined, recordsRead: records.length, marks, remember, seq };
}

/** Maps records; those that don't fit are set aside with their reason. */
export function mapRecords(
  records: readonly SourceRecord[],
  map: MapRecord,
): Pick<MappedBatch, 'points' | 'quarantined'> {
  const points: DataPoint[] = [];
  const quarantined: QuarantinedRow[] = [];
  for (const record of records) {
    if ('rejected' in record) {
      quarantined.push(record);
      continue;
    }
    const made = map(record.fields, record.row);
    if ('rejected' in made) quarantined.push({ row: record.row, ...made, ...keptRecord(record.fields) });
    else points.push(made);
  }
  return { points, quarantined };
}

/**
 * The batch's identity: its bounds and point ids, hashed, so that no two different batches share an id. Definition and
 * lineage are part of it: a replay, or rows mapped anew, must not be taken for what the destination has seen before.
 */
function batchIdOf(
  batch: SourceBatch,
  points: readonly DataPoint[],
  of: Pick<RunState, 'wrapperId' | 'definitionId' | 'checkpoint'>,
): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([of.wrapperId, of.definitionId, of.checkpoint.lineage, batch.from, batch.to]));
  for (const point of points) hash.update(point.id);
  return hash.digest('hex').slice(0, 32);
}
