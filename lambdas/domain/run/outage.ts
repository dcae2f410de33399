import type { Outage, Run, RunState } from './run-state.ts';
import type { LogEntry } from './run-store.ts';

/**
 * Whether a run goes on after trouble that may mend itself: a continuous one that has delivered data or has caught up.
 * Before that, its caller is waiting for the reason why it does not work.
 */
export function outlastsTrouble({ mode, run, setAside }: RunState): boolean {
  if (mode !== 'continuous' || setAside || !run) return false;
  return run.caughtUpAt !== null || run.counts.dataPointsSent > 0;
}

/** The log's entry of an outage: the same, under the same key, however often it is written. */
export function outageEntry({ executionId }: Run, { since, reason }: Outage): { key: string; entry: LogEntry } {
  const text = `Execution ${executionId} waits for an outage to end: ${reason}`;
  return { key: `${executionId}-outage-${since}`, entry: { at: since, level: 'WARN', text } };
}
