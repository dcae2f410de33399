import { FileChanged } from '../../lambdas/domain/file-changed.ts';
import type { Position, Source, SourceBatch, SourceRecord } from '../../lambdas/domain/source.ts';
import { aborted } from './aborted.ts';
import { soundWire, type Wire } from './wire.ts';

export type ScriptedSource = Source & {
  /** Rows from 1 on; may be changed to play a file that is replaced, together with `version`. */
  rows: number;
  version: string;
  notes: readonly string[];
  /** Grows: what has come since the last look is read next, and batches say where their marks stand. */
  grows: boolean;
  /** Rows that can't be read as the source promises. */
  rejected: ReadonlySet<number>;
  /** The next look gets no answer until it is given up. */
  hangs: boolean;
  /** Thrown by the next looks, one each, before the source is found. */
  readonly awayFor: Error[];
  /** Thrown once, instead of the batch that holds this row. */
  breaksAt: { row: number; error: Error } | null;
  /** Positions that reading began at. */
  readonly startedAt: (number | null)[];
  over(wire: Wire): Source;
};

/** `rows` records of one field, `n` = the row's number; positions are `{row}`: the rows read so far. */
export function scriptedSource(rows: number): ScriptedSource {
  const over = (wire: Wire): Source => ({
    prepare: (signal) =>
      wire('source.prepare', async () => {
        if (source.hangs) {
          source.hangs = false;
          await aborted(signal);
        }
        signal.throwIfAborted();
        const away = source.awayFor.shift();
        if (away) throw away;
        return {
          version: source.version,
          notes: source.notes,
          details: {},
          ...(source.grows && { afterEnd: 'onward' }),
        };
      }),
    async *read({ plan, from, until, batchSize, signal }) {
      source.startedAt.push(from === null ? null : rowOf(from));
      const end = until ? rowOf(until) : source.rows;
      const size = until ? end - rowOf(from) : batchSize;
      for (let at = rowOf(from); at < end; at += size) {
        yield await wire('source.read', () => {
          signal.throwIfAborted();
          if (plan.version !== source.version) throw new FileChanged();
          return batchOf(at, Math.min(at + size, end), from === null && at === 0);
        });
      }
    },
  });

  function batchOf(from: number, to: number, first: boolean): SourceBatch {
    if (source.breaksAt && source.breaksAt.row > from && source.breaksAt.row <= to) {
      const { error } = source.breaksAt;
      source.breaksAt = null;
      throw error;
    }
    const records = Array.from({ length: to - from }, (_, index) => record(from + index + 1));
    const marks = { phase: 'continuous', high: String(to), low: null } as const;
    return { from: first ? null : { row: from }, to: { row: to }, records, ...(source.grows && { marks }) };
  }

  function record(row: number): SourceRecord {
    if (source.rejected.has(row)) return { row, rejected: `row ${row}: can't be read`, raw: `raw ${row}` };
    return { row, fields: { names: ['n'], get: (name) => (name === 'n' ? row : undefined) } };
  }

  const source: ScriptedSource = {
    ...over(soundWire),
    rows,
    version: 'v1',
    notes: [],
    grows: false,
    rejected: new Set(),
    hangs: false,
    awayFor: [],
    breaksAt: null,
    startedAt: [],
    over,
  };
  return source;
}

function rowOf(position: Position | null): number {
  return position === null ? 0 : Number(position.row);
}
