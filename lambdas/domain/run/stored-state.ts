import { type Checkpoint, newRunState, noCounts, type Run, type RunState } from './run-state.ts';

/*
 * What the store holds may have been written by earlier code, even in the middle of a run. What has come since reads as
 * its neutral value there, so that nothing but these functions has to know which fields are how old.
 */

/** Fields that every version of the code has written. */
type Kept<T, Name extends keyof T> = Pick<T, Name> & Partial<T>;

export type StoredState = Omit<
  Kept<RunState, 'definitionId' | 'mode' | 'intervalSeconds' | 'stallAfterSeconds' | 'createdAt'>,
  'run' | 'checkpoint'
> & {
  readonly checkpoint: StoredCheckpoint;
  readonly run: StoredRun | null;
};
export type StoredCheckpoint = Omit<Checkpoint, 'plan'> & Partial<Checkpoint>;
export type StoredRun = Omit<Run, 'counts' | 'busySince' | 'redrives'> & Partial<Run>;

/** A wrapper's state as it was stored. */
export function stateFrom(wrapperId: string, stored: StoredState): RunState {
  const run = stored.run && runFrom(stored.run);
  return {
    ...newRunState(wrapperId, stored, stored.createdAt),
    ...stored,
    wrapperId,
    checkpoint: checkpointFrom(stored.checkpoint),
    run,
  };
}

/** A run as it was stored. One whose slice has not said when it began counts no time for it. */
export function runFrom(stored: StoredRun): Run {
  return { busySince: null, redrives: null, ...stored, counts: { ...noCounts, ...stored.counts } };
}

/** A checkpoint as it was stored: by the reading plan of its own lineage, unless it says another. */
export function checkpointFrom(stored: StoredCheckpoint): Checkpoint {
  return { plan: stored.lineage, ...stored };
}
