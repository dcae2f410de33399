/**
 * What travels through the state machine: ids and counters only, never data or secrets, for executions are logged.
 * Outcomes and the states they lead to are listed in lib/wrapper/state-machine.ts.
 */
export type SliceInput = {
  readonly wrapper_id: string;
  /** The run: an execution whose epoch is no longer the wrapper's is fenced. */
  readonly epoch: number;
  /** How many executions this run was handed over from. */
  readonly handover: number;
  /** Slices done in this execution. */
  readonly slices: number;
};

export type SliceOutcome = 'more' | 'finished' | 'wait' | 'handover' | 'fenced' | 'failed';

export type SliceResult = SliceInput & {
  readonly outcome: SliceOutcome;
  /** With outcome `wait`: the instant to go on, ISO 8601. */
  readonly wait_until?: string;
};

export type HandoverResult = { readonly outcome: 'handed-over' | 'fenced' };

/** Given to `recordCrash` when a slice died without a word: the state machine's own error name, no details. */
export type CrashInput = SliceInput & { readonly error: { readonly Error: string } };

/** EventBridge's `Step Functions Execution Status Change`, the part that is read; and the schedule's own event. */
export type ReconcileEvent = {
  readonly detail?: { readonly name: string; readonly status: string };
};

/** The name of a run's execution: one per hand-over. At most 80 characters. */
export function executionName(run: Pick<SliceInput, 'wrapper_id' | 'epoch' | 'handover'>): string {
  return `${run.wrapper_id}-${run.epoch}-${run.handover}`;
}

/** The run that an execution carries, by its name; null when the name is not one of ours. */
export function parseExecutionName(name: string): { wrapperId: string; epoch: number; handover: number } | null {
  const parts = /^(.+)-(\d+)-(\d+)$/.exec(name);
  return parts ? { wrapperId: String(parts[1]), epoch: Number(parts[2]), handover: Number(parts[3]) } : null;
}
