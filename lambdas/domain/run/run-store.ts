import type { ReadingPlan, SourceRecord } from '../source.ts';
import type { Checkpoint, Run, RunState } from './run-state.ts';
import type { SettledRuns } from './settled-runs.ts';

/**
 * Holds run states. `save` stores the state if the stored version is still `state.version`, raising it by one, and
 * answers whether it did. An answer may be lost although the write happened: callers find out by computing their
 * step again on what is stored (`applyStep`).
 */
export type RunStore = {
  /** One strongly consistent read; null: no such wrapper. */
  load(wrapperId: string): Promise<RunState | null>;
  save(state: RunState): Promise<boolean>;
  /** Wrappers that are executing or not settled yet; may lag a little. */
  unfinished(): AsyncIterable<string>;
};

export type LogEntry = { readonly at: number; readonly level: 'INFO' | 'WARN' | 'ERROR'; readonly text: string };

/** A row that did not fit. What its record is made of is kept too where it could be read, see `recordOf`. */
export type QuarantinedRow = Extract<SourceRecord, { rejected: string }> & {
  /** What of the record's JSON comes after `raw`; absent: the record is not kept. */
  readonly rest?: string;
  /** Fields without a usable value, and why. */
  readonly problems?: readonly (readonly [name: string, problem: string])[];
};

/** What is remembered of the batch that started from the checkpoint `seq`; see `Memory`. */
export type RememberedBatch = {
  readonly seq: number;
  readonly hashes: readonly string[];
  /** The largest cursor value among them. */
  readonly newest: number;
};

/** What a run leaves behind; every write may be repeated and then changes nothing. */
export type RunHistory = {
  putRun(wrapperId: string, run: Run): Promise<void>;
  /** `key` makes the entry unique: the same entry written twice is one entry. */
  putLog(wrapperId: string, key: string, entry: LogEntry): Promise<void>;
  putCheckpoint(wrapperId: string, checkpoint: Checkpoint): Promise<void>;
  /** Keeps the numbers of the later run: those of an earlier one change nothing. */
  putSettledRuns(wrapperId: string, epoch: number, runs: SettledRuns): Promise<void>;
  /** Sets rows of the batch that starts from `checkpoint` aside. */
  putQuarantined(wrapperId: string, run: Run, checkpoint: Checkpoint, rows: readonly QuarantinedRow[]): Promise<void>;
  /** The plan that the lineage is read by: the first one stored wins, and is returned. */
  pinPlan(wrapperId: string, lineage: number, plan: ReadingPlan): Promise<ReadingPlan>;
  loadPlan(wrapperId: string, lineage: number): Promise<ReadingPlan | null>;
  putRemembered(wrapperId: string, lineage: number, batch: RememberedBatch): Promise<void>;
  /** Also those of batches that were never committed. */
  loadRemembered(wrapperId: string, lineage: number): Promise<readonly RememberedBatch[]>;
  forgetRemembered(wrapperId: string, lineage: number, seqs: readonly number[]): Promise<void>;
};
