import type { Run } from './run-state.ts';
import type { QuarantinedRow } from './run-store.ts';

/** A row in quarantine, with where it comes from. */
export type KeptRow = QuarantinedRow & {
  /** The checkpoint's `seq` that its batch started from. */
  readonly seq: number;
  /** The lineage by whose reading plan it was read. */
  readonly plan: number;
  /** Where it fits now: the batch of a re-drive that it was last made part of. */
  readonly sent?: { readonly epoch: number; readonly seq: number };
};

/** A run, as far as it decides about rows: those of batches that it did not come to commit are not its own. */
export type Committed = Pick<Run, 'epoch' | 'lastSeq'>;

/** Rows that did not fit, by the run that set them aside. Every write may be repeated and then changes nothing. */
export type Quarantine = {
  /** In the order of the source, from those of the batch `seq` on. */
  rows(wrapperId: string, run: Committed, seq: number): AsyncIterable<KeptRow>;
  put(wrapperId: string, epoch: number, rows: readonly KeptRow[]): Promise<void>;
  remove(wrapperId: string, epoch: number, rows: readonly KeptRow[]): Promise<void>;
};

/**
 * Tells whether a row was delivered by a re-drive: the batch that it is part of was committed. Between the commit and
 * its removal a row is still stored, however long that takes.
 */
export function deliveredRows(
  current: Run | null,
  loadRun: (epoch: number) => Promise<Committed | null>,
): (row: KeptRow) => Promise<boolean> {
  const known = new Map<number, Promise<Committed | null>>();
  const runOf = (epoch: number) => {
    const run = known.get(epoch) ?? (current?.epoch === epoch ? Promise.resolve(current) : loadRun(epoch));
    known.set(epoch, run);
    return run;
  };
  return async ({ sent }) => {
    if (!sent) return false;
    const run = await runOf(sent.epoch);
    return run !== null && sent.seq < run.lastSeq;
  };
}
