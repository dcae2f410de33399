import {
  ExecutionAbortedError,
  ExecutionTimeoutError,
  StateMachine,
  type StateMachineDefinition,
} from 'aws-local-stepfunctions';
import type { LambdaFunction } from '../functions/lambda-function.ts';
import type { StateMachineModel } from '../template/model.ts';
import { Definition } from './definition-problems.ts';
import type { Execution, ExecutionStore } from './execution-store.ts';
import { lambdaTask } from './lambda-task.ts';

export type Workflows = {
  readonly stateMachines: readonly StateMachineModel[];
  /** Starts an execution; its name must be new. */
  start(stateMachineArn: string, name: string, input: string): Execution;
  /** Aborts a running execution. A function it has invoked is not told, and runs on. */
  stop(arn: string, error: string | undefined, cause: string | undefined): Execution;
  readonly executions: ExecutionStore;
  /** States entered so far by an execution of this process. */
  statesEntered(arn: string): number;
  /** Leaves what is running as it is on disk; the next boot goes on with it. */
  close(): void;
};

type Deps = {
  readonly stateMachines: readonly StateMachineModel[];
  readonly functions: ReadonlyMap<string, LambdaFunction>;
  readonly executions: ExecutionStore;
  readonly onChange: (execution: Execution) => void;
  readonly now: () => number;
};

/**
 * Runs state machines and keeps their executions.
 *
 * An execution that was running when the engine died is entered again at its first state with its own input. Step
 * Functions would go on in the middle, but the engine it runs on does not die; for a machine whose tasks are safe to
 * repeat, as Step Functions demands of every task it may retry, both lead to the same end.
 */
export function createWorkflows({ stateMachines, functions, executions, onChange, now }: Deps): Workflows {
  const running = new Map<string, () => void>();
  const entered = new Map<string, number>();
  let closing = false;

  const change = (execution: Execution): Execution => {
    executions.put(execution);
    onChange(execution);
    return execution;
  };

  const end = (arn: string, changes: Pick<Execution, 'status' | 'output' | 'error' | 'cause'>): void => {
    const execution = executions.get(arn);
    // A stopped execution stays ABORTED whatever its last state comes to.
    if (!closing && execution?.status === 'RUNNING') change({ ...execution, ...changes, stopDate: now() });
    running.delete(arn);
  };

  const run = (execution: Execution): void => {
    const model = stateMachines.find(({ arn }) => arn === execution.stateMachineArn);
    const definition =
      model && withRemainingTime(Definition.parse(JSON.parse(model.definition)), now() - execution.startDate);
    if (!definition) {
      const gone = { status: 'FAILED', error: 'States.Runtime', cause: 'The state machine is gone' } as const;
      end(execution.arn, model ? { status: 'TIMED_OUT' } : gone);
      return;
    }
    const isOver = (): boolean => closing || executions.get(execution.arn)?.status !== 'RUNNING';
    const handlers = Object.entries(definition.States).flatMap(([name, state]) =>
      state.Type === 'Task' ? [[name, lambdaTask(state, functions, isOver)] as const] : [],
    );
    const machine = new StateMachine(definition as StateMachineDefinition, { validationOptions: { noValidate: true } });
    const { result, abort, eventLogs } = machine.run(JSON.parse(execution.input), {
      overrides: { taskResourceLocalHandlers: Object.fromEntries(handlers) as never },
      context: { Execution: { Id: execution.arn, Name: execution.name } },
    });
    running.set(execution.arn, abort);
    void countStates(eventLogs, () => entered.set(execution.arn, (entered.get(execution.arn) ?? 0) + 1));
    result.then(
      (output) => end(execution.arn, { status: 'SUCCEEDED', output: JSON.stringify(output) }),
      (error) => end(execution.arn, failureOf(error)),
    );
  };

  for (const execution of executions.list()) if (execution.status === 'RUNNING') run(execution);

  return {
    stateMachines,
    executions,
    statesEntered: (arn) => entered.get(arn) ?? 0,
    start: (stateMachineArn, name, input) => {
      const arn = executionArn(stateMachineArn, name);
      const execution = change({ arn, stateMachineArn, name, input, status: 'RUNNING', startDate: now() });
      run(execution);
      return execution;
    },
    stop: (arn, error, cause) => {
      const execution = executions.get(arn) as Execution;
      const stopped = change({
        ...execution,
        status: 'ABORTED',
        stopDate: now(),
        ...(error === undefined ? {} : { error }),
        ...(cause === undefined ? {} : { cause }),
      });
      running.get(arn)?.();
      return stopped;
    },
    close: () => {
      closing = true;
      for (const abort of running.values()) abort();
    },
  };
}

export function executionArn(stateMachineArn: string, name: string): string {
  return `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
}

/** The definition with what is left of its time-out; undefined when nothing is. */
function withRemainingTime(definition: Definition, elapsedMs: number): Definition | undefined {
  if (definition.TimeoutSeconds === undefined) return definition;
  const remaining = definition.TimeoutSeconds - elapsedMs / 1000;
  return remaining > 0 ? { ...definition, TimeoutSeconds: remaining } : undefined;
}

/** Reads the events as they come, for the engine keeps in memory those that nobody reads. */
async function countStates(events: AsyncIterable<{ readonly type: string }>, count: () => void): Promise<void> {
  for await (const { type } of events) if (type === 'StateEntered') count();
}

function failureOf(error: unknown): Pick<Execution, 'status' | 'error' | 'cause'> {
  if (error instanceof ExecutionAbortedError) return { status: 'ABORTED' };
  if (error instanceof ExecutionTimeoutError) return { status: 'TIMED_OUT' };
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : (error as Error);
  return { status: 'FAILED', error: cause.name, cause: cause.message };
}
