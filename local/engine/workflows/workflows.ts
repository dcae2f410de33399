import type { LambdaFunction } from '../functions/lambda-function.ts';
import type { StateMachineModel } from '../template/model.ts';
import type { Execution, ExecutionStore } from './execution-store.ts';
import { type Ending, type RunningExecution, runExecution } from './run-execution.ts';

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
  const running = new Map<string, RunningExecution>();
  const entered = new Map<string, number>();
  let closing = false;

  const change = (execution: Execution): Execution => {
    executions.put(execution);
    onChange(execution);
    return execution;
  };

  const end = (arn: string, ending: Ending): void => {
    const execution = executions.get(arn);
    // A stopped execution stays ABORTED whatever its last state comes to.
    if (!closing && execution?.status === 'RUNNING') change({ ...execution, ...ending, stopDate: now() });
    entered.set(arn, running.get(arn)?.statesEntered() ?? 0);
    running.delete(arn);
  };

  const run = (execution: Execution): void => {
    const model = stateMachines.find(({ arn }) => arn === execution.stateMachineArn);
    if (model) {
      const started = runExecution(execution, model.definition, { functions, now });
      running.set(execution.arn, started);
      void started.ending.then((ending) => end(execution.arn, ending));
    } else end(execution.arn, { status: 'FAILED', error: 'States.Runtime', cause: 'The state machine is gone' });
  };

  for (const execution of executions.list()) if (execution.status === 'RUNNING') run(execution);

  return {
    stateMachines,
    executions,
    statesEntered: (arn) => running.get(arn)?.statesEntered() ?? entered.get(arn) ?? 0,
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
      running.get(arn)?.abort();
      return stopped;
    },
    close: () => {
      closing = true;
      for (const { abort } of running.values()) abort();
    },
  };
}

export function executionArn(stateMachineArn: string, name: string): string {
  return `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
}
