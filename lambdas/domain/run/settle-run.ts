import type { Clock } from '../clock.ts';
import { markSettled } from './control-steps.ts';
import { executionIdOf, type Run, type RunState } from './run-state.ts';
import type { LogEntry, RunHistory, RunStore } from './run-store.ts';
import { withSettled } from './settled-runs.ts';
import { applyStep, type Step } from './step.ts';

export type SettleDeps = {
  readonly store: RunStore;
  readonly history: RunHistory;
  readonly clock: Clock;
  /**
   * Told of an ended run by whoever settled it, so that runs can be counted: once, or not at all if the answer to the
   * settling write was lost.
   */
  readonly onSettled: (run: Run) => void;
};

/**
 * Writes what an ended run leaves behind: its record, one log entry, its last checkpoint, and the count of all runs
 * with this one among them. All of it is made from the state alone, so whoever comes first may do it, and a crash in
 * the middle is mended by the next: the reconciler, or the next execute before it overwrites the run.
 */
export async function settleRun(state: RunState, deps: SettleDeps): Promise<void> {
  if (state.settled || state.status === 'executing' || state.deleted || !state.run) return;
  const { wrapperId, run, checkpoint, settledRuns } = state;
  await Promise.all([
    deps.history.putRun(wrapperId, run),
    deps.history.putLog(wrapperId, `${run.executionId}-end`, endEntry(wrapperId, run)),
    deps.history.putSettledRuns(wrapperId, run.epoch, withSettled(settledRuns, run.outcome)),
    ...(checkpoint.position === null ? [] : [deps.history.putCheckpoint(wrapperId, checkpoint)]),
  ]);
  if (await isSettledHere(state, deps)) deps.onSettled(run);
}

/** False if somebody else came first. */
async function isSettledHere(state: RunState, deps: SettleDeps): Promise<boolean> {
  const settle = markSettled(state.epoch);
  let isOurs = false;
  const step: Step<never> = (stored, now) => {
    const decision = settle(stored, now);
    isOurs = decision.outcome === 'apply';
    return decision;
  };
  await applyStep(step, state, deps);
  return isOurs;
}

function endEntry(wrapperId: string, run: Run): LogEntry {
  const counts = countsOf(wrapperId, run);
  const at = run.endedAt ?? run.startedAt;
  switch (run.outcome) {
    case 'completed':
      return { at, level: 'INFO', text: `Execution ${run.executionId} completed: ${counts}` };
    case 'stopped':
      return { at, level: 'INFO', text: `Execution ${run.executionId} stopped: ${counts}` };
    default:
      return {
        at,
        level: 'ERROR',
        text: `Execution ${run.executionId} ${run.outcome}: ${run.failure?.message ?? 'no reason known'}; ${counts}`,
      };
  }
}

function countsOf(wrapperId: string, { counts, redrives }: Run): string {
  const { dataPointsSent, quarantined, recordsRead } = counts;
  const sent = `${dataPointsSent} data points sent`;
  if (typeof redrives === 'number')
    return `${sent} of ${rows(recordsRead)} quarantined by ${executionIdOf(wrapperId, redrives)}`;
  return quarantined > 0 ? `${sent}, ${rows(quarantined)} quarantined` : sent;
}

const rows = (count: number) => `${count} ${count === 1 ? 'row' : 'rows'}`;
