import type { RunOutcome } from './run-outcome.ts';

/** How many runs of a wrapper have come to which end. Absolute numbers, never increments. */
export type SettledRuns = {
  readonly completed: number;
  /** Lost ones, and those that were refused before they got to work, included. */
  readonly failed: number;
  readonly stopped: number;
};

export const noSettledRuns: SettledRuns = { completed: 0, failed: 0, stopped: 0 };

/** The numbers with one more run, which has ended. */
export function withSettled(runs: SettledRuns, outcome: RunOutcome): SettledRuns {
  switch (outcome) {
    case 'completed':
    case 'stopped':
      return { ...runs, [outcome]: runs[outcome] + 1 };
    case 'executing':
      return runs;
    default:
      return { ...runs, failed: runs.failed + 1 };
  }
}

export function sumOf(all: Iterable<SettledRuns>): SettledRuns {
  let { completed, failed, stopped } = noSettledRuns;
  for (const runs of all) {
    completed += runs.completed;
    failed += runs.failed;
    stopped += runs.stopped;
  }
  return { completed, failed, stopped };
}
