import type { ReadingPlan, Remembered, SourceBatch } from '../source.ts';
import type { Checkpoint } from './run-state.ts';
import type { RunHistory } from './run-store.ts';

/**
 * What was delivered near the mark of a source that is read again from a little before it. Kept in one item per batch,
 * under the batch's `seq`, and written before its commit: what belongs to a batch that was never committed is not
 * counted as delivered.
 */
export type Memory = {
  readonly isRemembered: (hash: string) => boolean;
  /** Known at once to the reading that runs ahead of the sending; void if that batch is never committed. */
  note(batch: SourceBatch): void;
  /** Stores what the batch that starts from `seq` asks to be remembered. */
  keep(seq: number, remembered: Remembered | undefined): Promise<void>;
  /** Drops what can't come again, once a batch that says so is committed. */
  forget(remembered: Remembered | undefined): Promise<void>;
};

export async function openMemory(
  wrapperId: string,
  { lineage, seq: present }: Checkpoint,
  plan: ReadingPlan,
  history: RunHistory,
): Promise<Memory> {
  const kept = new Map<number, number>();
  const hashes = new Set<string>();
  // Files and sources without marks remember nothing: a query per slice would be paid for nothing.
  const stored = plan.afterEnd === 'onward' ? await history.loadRemembered(wrapperId, lineage) : [];
  for (const batch of stored) {
    if (batch.seq >= present) continue;
    kept.set(batch.seq, batch.newest);
    for (const hash of batch.hashes) hashes.add(hash);
  }
  return {
    isRemembered: (hash) => hashes.has(hash),

    note({ remember }) {
      for (const hash of remember?.hashes ?? []) hashes.add(hash);
    },

    async keep(seq, remembered) {
      if (!remembered || remembered.hashes.length === 0) return;
      const { hashes: own, newest } = remembered;
      await history.putRemembered(wrapperId, lineage, { seq, hashes: own, newest });
      kept.set(seq, newest);
    },

    async forget(remembered) {
      if (!remembered) return;
      const old = [...kept].filter(([, newest]) => newest < remembered.forgetBelow).map(([seq]) => seq);
      if (old.length === 0) return;
      await history.forgetRemembered(wrapperId, lineage, old);
      for (const seq of old) kept.delete(seq);
    },
  };
}
