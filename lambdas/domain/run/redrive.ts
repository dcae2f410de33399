import type { MapRecord } from '../mapping/map-record.ts';
import type { Fields, Position, ReadRequest, SourceBatch, SourceRecord } from '../source.ts';
import type { MappedBatch } from './batch.ts';
import { recordOf } from './kept-record.ts';
import type { KeptRow, Quarantine } from './quarantine.ts';
import type { Work } from './run-slice.ts';
import type { Run, RunState } from './run-state.ts';

export type RedriveDeps = {
  readonly quarantine: Quarantine;
  /** The mapping as it is now, for records that were read by the plan of that lineage. */
  readonly mapperOf: (plan: number) => Promise<MapRecord>;
  /** Whether an earlier re-drive has delivered the row already, and did not come to remove it. */
  readonly isDelivered: (row: KeptRow) => Promise<boolean>;
};

/** What a slice works with instead of the wrapper's source. */
export type Redrive = Required<Pick<Work, 'source' | 'mapRecord' | 'rows' | 'maxQuarantined'>>;

/**
 * A run's quarantine as a source: what fits by now is sent under the point ids that it would have had, and leaves
 * quarantine once that is committed; the rest stays, with the reason why it does not fit now. A batch is the rows of one
 * batch of the run that set them aside, so its bounds and id hang on nothing but them and the definition: sent once
 * more by a later re-drive, because this one died over it, it is the same batch.
 */
export function redrive(run: Run, state: RunState, deps: RedriveDeps): Redrive {
  const { wrapperId } = state;
  const { quarantine } = deps;
  /** Rows of batches on their way, by their batch's `seq`. */
  const inHand = new Map<number, readonly KeptRow[]>();
  const mappers = new WeakMap<Fields, MapRecord>();

  async function* read({ from, until, signal }: ReadRequest): AsyncGenerator<SourceBatch> {
    const end = until === undefined ? Number.POSITIVE_INFINITY : seqOf(until);
    for await (const batch of byBatch(quarantine.rows(wrapperId, run, from === null ? 0 : seqOf(from)))) {
      signal.throwIfAborted();
      const { seq } = batch[0];
      if (seq >= end) return;
      const rows = await undelivered(batch);
      if (rows.length === 0) continue;
      inHand.set(seq, rows);
      const records = await Promise.all(rows.map(recordOfRow));
      yield { from: positionAt(seq), to: positionAt(seq + 1), seq, records, ...marksOf(state) };
    }
  }

  /** Removes what an earlier re-drive has delivered. */
  async function undelivered(rows: readonly KeptRow[]): Promise<KeptRow[]> {
    const delivered = await Promise.all(rows.map(deps.isDelivered));
    const gone = rows.filter((_, index) => delivered[index]);
    if (gone.length > 0) await quarantine.remove(wrapperId, run.epoch, gone);
    return rows.filter((_, index) => !delivered[index]);
  }

  async function recordOfRow(kept: KeptRow): Promise<SourceRecord> {
    const fields = recordOf(kept);
    if (fields === undefined) return { row: kept.row, rejected: kept.rejected, raw: kept.raw };
    mappers.set(fields, await deps.mapperOf(kept.plan));
    return { row: kept.row, fields };
  }

  const positionAt = (seq: number): Position => ({ execution: run.executionId, seq });

  return {
    source: { prepare: async () => ({ version: 'quarantine', notes: [], details: {} }), read },
    mapRecord: () => (fields, row) => (mappers.get(fields) as MapRecord)(fields, row),
    // They were counted by the run that set them aside: however many they still are, this one goes on.
    maxQuarantined: Number.POSITIVE_INFINITY,
    rows: {
      async before({ epoch }, { seq }, batch) {
        const misfits = misfitsOf(batch);
        const changed = rowsOf(batch).flatMap((kept): KeptRow[] => {
          const { sent: _, ...row } = kept;
          const rejected = misfits.get(kept.row);
          if (rejected === undefined) return [{ ...row, sent: { epoch, seq } }];
          return rejected === kept.rejected && !kept.sent ? [] : [{ ...row, rejected }];
        });
        await quarantine.put(wrapperId, run.epoch, changed);
      },

      async after(batch) {
        const misfits = misfitsOf(batch);
        const fitting = rowsOf(batch).filter(({ row }) => !misfits.has(row));
        await quarantine.remove(wrapperId, run.epoch, fitting);
        inHand.delete(seqOf(batch.bounds.from));
      },
    },
  };

  function rowsOf({ bounds }: MappedBatch): readonly KeptRow[] {
    return inHand.get(seqOf(bounds.from)) ?? [];
  }
}

/** Why rows of a batch don't fit, by their number. */
function misfitsOf({ quarantined }: MappedBatch): ReadonlyMap<number, string> {
  return new Map(quarantined.map(({ row, rejected }) => [row, rejected]));
}

/** The rows in the order they come in, those of one batch together. */
async function* byBatch(rows: AsyncIterable<KeptRow>): AsyncGenerator<[KeptRow, ...KeptRow[]]> {
  let batch: KeptRow[] = [];
  for await (const row of rows) {
    if (batch[0] !== undefined && batch[0].seq !== row.seq) {
      yield batch as [KeptRow, ...KeptRow[]];
      batch = [];
    }
    batch.push(row);
  }
  if (batch.length > 0) yield batch as [KeptRow, ...KeptRow[]];
}

/** The points are said to be of the phase that the source is in. */
function marksOf({ setAside }: RunState): Pick<SourceBatch, 'marks'> {
  if (!setAside || setAside.checkpoint.phase === null) return {};
  const { phase, highWaterMark: high, lowWaterMark: low } = setAside.checkpoint;
  return { marks: { phase, high, low } };
}

function seqOf(position: Position | null): number {
  return Number(position?.seq ?? 0);
}
