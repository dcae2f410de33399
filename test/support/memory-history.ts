import type { Checkpoint, Run } from '../../lambdas/domain/run/run-state.ts';
import type { LogEntry, QuarantinedRow, RememberedBatch, RunHistory } from '../../lambdas/domain/run/run-store.ts';
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
  readonly quarantined: Map<string, QuarantinedRow>;
  /** By lineage. */
  readonly plans: Map<number, ReadingPlan>;
  /** By `lineage:seq`. */
  readonly remembered: Map<string, RememberedBatch>;
  over(wire: Wire): RunHistory;
};

/** What the runs of one wrapper leave behind, in memory. */
export function memoryHistory(): MemoryHistory {
  const runs: MemoryHistory['runs'] = new Map();
  const logs: MemoryHistory['logs'] = new Map();
  const checkpoints: MemoryHistory['checkpoints'] = new Map();
  const quarantined: MemoryHistory['quarantined'] = new Map();
  const plans: MemoryHistory['plans'] = new Map();
  const remembered: MemoryHistory['remembered'] = new Map();
  const over = (wire: Wire): RunHistory => ({
    putRun: (_id, run) => wire('history.putRun', () => void runs.set(run.epoch, run)),
    putLog: (_id, key, entry) => wire('history.putLog', () => void logs.set(key, entry)),
    putCheckpoint: (_id, checkpoint) =>
      wire('history.putCheckpoint', () => void checkpoints.set(checkpoint.seq, checkpoint)),
    putQuarantined: (_id, run, { seq }, rows) =>
      wire('history.putQuarantined', () => {
        for (const row of rows) quarantined.set(`${run.epoch}:${seq}:${row.row}`, row);
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
  return { ...over(soundWire), runs, logs, checkpoints, quarantined, plans, remembered, over };
}
