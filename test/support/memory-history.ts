import type { KeptRow, Quarantine } from '../../lambdas/domain/run/quarantine.ts';
import type { Checkpoint, Run } from '../../lambdas/domain/run/run-state.ts';
import type { LogEntry, RememberedBatch, RunHistory } from '../../lambdas/domain/run/run-store.ts';
import type { SettledRuns } from '../../lambdas/domain/run/settled-runs.ts';
import type { ReadingPlan } from '../../lambdas/domain/source.ts';
import { soundWire, type Wire } from './wire.ts';

export type MemoryHistory = RunHistory & {
  /** By epoch. */
  readonly runs: Map<number, Run>;
  /** By key. */
  readonly logs: Map<string, LogEntry>;
  /** By `seq`. */
  readonly checkpoints: Map<number, Checkpoint>;
  /** Rows by `epoch:seq:row`. */
  readonly quarantined: Map<string, KeptRow>;
  /** By lineage. */
  readonly plans: Map<number, ReadingPlan>;
  /** By `lineage:seq`. */
  readonly remembered: Map<string, RememberedBatch>;
  /** Null until a run is settled. */
  settledRuns(): SettledRuns | null;
  over(wire: Wire): RunHistory;
  quarantine(wire: Wire): Quarantine;
};

/** What the runs of one wrapper leave behind, in memory. */
export function memoryHistory(): MemoryHistory {
  const runs: MemoryHistory['runs'] = new Map();
  const logs: MemoryHistory['logs'] = new Map();
  const checkpoints: MemoryHistory['checkpoints'] = new Map();
  const quarantined: MemoryHistory['quarantined'] = new Map();
  const plans: MemoryHistory['plans'] = new Map();
  const remembered: MemoryHistory['remembered'] = new Map();
  let settled: { readonly epoch: number; readonly runs: SettledRuns } | null = null;
  const over = (wire: Wire): RunHistory => ({
    putRun: (_id, run) => wire('history.putRun', () => void runs.set(run.epoch, run)),
    putLog: (_id, key, entry) => wire('history.putLog', () => void logs.set(key, entry)),
    putCheckpoint: (_id, checkpoint) =>
      wire('history.putCheckpoint', () => void checkpoints.set(checkpoint.seq, checkpoint)),
    putSettledRuns: (_id, epoch, counted) =>
      wire('history.putSettledRuns', () => {
        if (settled === null || settled.epoch < epoch) settled = { epoch, runs: counted };
      }),
    putQuarantined: (_id, run, { seq, plan }, rows) =>
      wire('history.putQuarantined', () => {
        for (const row of rows) quarantined.set(keyOf(run.epoch, { ...row, seq }), { ...row, seq, plan });
      }),
    pinPlan: (_id, lineage, plan) =>
      wire('history.pinPlan', () => {
        const pinned = plans.get(lineage) ?? plan;
        plans.set(lineage, pinned);
        return pinned;
      }),
    loadPlan: (_id, lineage) => wire('history.loadPlan', () => plans.get(lineage) ?? null),
    putRemembered: (_id, lineage, batch) =>
      wire('history.putRemembered', () => void remembered.set(`${lineage}:${batch.seq}`, batch)),
    loadRemembered: (_id, lineage) =>
      wire('history.loadRemembered', () =>
        [...remembered].filter(([key]) => key.startsWith(`${lineage}:`)).map(([, batch]) => batch),
      ),
    forgetRemembered: (_id, lineage, seqs) =>
      wire('history.forgetRemembered', () => {
        for (const seq of seqs) remembered.delete(`${lineage}:${seq}`);
      }),
  });
  const quarantine = (wire: Wire): Quarantine => ({
    async *rows(_id, { epoch, lastSeq }, seq) {
      const found = [...quarantined].filter(([key, row]) => key.startsWith(`${epoch}:`) && isWithin(row, seq, lastSeq));
      const rows = found.map(([, row]) => row).sort((a, b) => a.seq - b.seq || a.row - b.row);
      for (const row of rows) yield await wire('quarantine.rows', () => row);
    },
    put: (_id, epoch, rows) =>
      wire('quarantine.put', () => {
        for (const row of rows) quarantined.set(keyOf(epoch, row), row);
      }),
    remove: (_id, epoch, rows) =>
      wire('quarantine.remove', () => {
        for (const row of rows) quarantined.delete(keyOf(epoch, row));
      }),
  });
  const settledRuns = () => settled?.runs ?? null;
  return { ...over(soundWire), quarantine, settledRuns, runs, logs, checkpoints, quarantined, plans, remembered, over };
}

function keyOf(epoch: number, { seq, row }: Pick<KeptRow, 'seq' | 'row'>): string {
  return `${epoch}:${seq}:${row}`;
}

function isWithin({ seq }: KeptRow, from: number, to: number): boolean {
  return seq >= from && seq < to;
}
