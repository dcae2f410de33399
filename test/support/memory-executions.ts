import type { ExecutionRef, Executions } from '../../lambdas/domain/run/executions.ts';
import { soundWire, type Wire } from './wire.ts';

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED';
export type MemoryExecution = { readonly ref: ExecutionRef; status: ExecutionStatus };

export type MemoryExecutions = Executions & {
  /** By `{wrapper}-{epoch}-{handover}`. */
  readonly all: Map<string, MemoryExecution>;
  /** What the state machine does, one call per execution; it looks at `status` to see whether it was aborted. */
  carry: (execution: MemoryExecution) => void;
  /** Ends an execution that is running. */
  end(execution: MemoryExecution, status: ExecutionStatus): void;
  /** Called when one has ended. */
  onEnd: (execution: MemoryExecution) => void;
  /** Lets an execution that failed or was aborted run again, under its old name and input. */
  redrive(execution: MemoryExecution): void;
  /** Thrown by the next start. */
  failure: Error | null;
  answerToStop: 'stopped' | 'denied' | 'failed' | null;
  over(wire: Wire): Executions;
};

/** Executions of a state machine, in memory; by itself it starts nothing. */
export function memoryExecutions(): MemoryExecutions {
  const all = new Map<string, MemoryExecution>();
  const over = (wire: Wire): Executions => ({
    start: (ref) =>
      wire('executions.start', () => {
        const { failure } = executions;
        executions.failure = null;
        if (failure) throw failure;
        if (all.has(nameOf(ref))) return;
        const execution: MemoryExecution = { ref, status: 'RUNNING' };
        all.set(nameOf(ref), execution);
        executions.carry(execution);
      }),
    stop: (ref) =>
      wire('executions.stop', () => {
        const execution = all.get(nameOf(ref));
        if (!execution) return 'not-found';
        if (executions.answerToStop && executions.answerToStop !== 'stopped') return executions.answerToStop;
        executions.end(execution, 'ABORTED');
        return 'stopped';
      }),
    describe: (ref) =>
      wire('executions.describe', () => {
        const execution = all.get(nameOf(ref));
        if (!execution) return 'not-found';
        return execution.status === 'RUNNING' ? 'running' : 'ended';
      }),
  });
  const executions: MemoryExecutions = {
    ...over(soundWire),
    all,
    carry: () => undefined,
    end(execution, status) {
      if (execution.status !== 'RUNNING') return;
      execution.status = status;
      executions.onEnd(execution);
    },
    onEnd: () => undefined,
    redrive(execution) {
      if (execution.status !== 'FAILED' && execution.status !== 'ABORTED') return;
      execution.status = 'RUNNING';
      executions.carry(execution);
    },
    failure: null,
    answerToStop: null,
    over,
  };
  return executions;
}

export function nameOf({ wrapperId, epoch, handover }: ExecutionRef): string {
  return `${wrapperId}-${epoch}-${handover}`;
}
