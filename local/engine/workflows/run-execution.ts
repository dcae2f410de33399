import {
  ExecutionAbortedError,
  ExecutionTimeoutError,
  StateMachine,
  type StateMachineDefinition,
} from 'aws-local-stepfunctions';
import type { LambdaFunction } from '../functions/lambda-function.ts';
import { Definition } from './definition-problems.ts';
import type { Execution } from './execution-store.ts';
import { lambdaTask } from './lambda-task.ts';
import { waitingTask, waitUntil } from './wait-until.ts';

/** How an execution ended; output as JSON text. */
export type Ending = Pick<Execution, 'status' | 'output' | 'error' | 'cause'>;

export type RunningExecution = {
  /** Ends it at once, without a word to the function it has invoked. */
  abort(): void;
  statesEntered(): number;
  readonly ending: Promise<Ending>;
};

type Deps = { readonly functions: ReadonlyMap<string, LambdaFunction>; readonly now: () => number };

/** An execution with more events in its history than this is ended by Step Functions. */
const HISTORY_LIMIT = 25_000;

/** Runs an execution from its first state. */
export function runExecution(execution: Execution, source: string, deps: Deps): RunningExecution {
  const over = new AbortController();
  const definition = Definition.parse(JSON.parse(source));
  const history = { states: 0, events: 0 };
  if (definition.TimeoutSeconds !== undefined) {
    // Of an execution that is entered again after a restart, what is left of its time.
    definition.TimeoutSeconds -= (deps.now() - execution.startDate) / 1000;
    if (definition.TimeoutSeconds <= 0) return ended({ status: 'TIMED_OUT' });
  }
  const machine = new StateMachine(runnable(definition), { validationOptions: { noValidate: true } });
  const { result, abort, eventLogs } = machine.run(JSON.parse(execution.input), {
    overrides: { taskResourceLocalHandlers: handlersOf(definition, over.signal, deps) as never },
    context: { Execution: { Id: execution.arn, Name: execution.name } },
  });
  const finish = (): void => {
    over.abort();
    abort();
  };
  // Read as they come, for the workflow engine keeps the events that nobody reads.
  const readHistory = async (): Promise<void> => {
    for await (const event of eventLogs) {
      if (event.type === 'StateEntered') history.states += 1;
      history.events += eventsOf(event);
      if (history.events > HISTORY_LIMIT) finish();
    }
  };
  void readHistory();
  const ending = result.then(
    (output): Ending => ({ status: 'SUCCEEDED', output: JSON.stringify(output) }),
    (error): Ending => (history.events > HISTORY_LIMIT ? tooLong : failureOf(error)),
  );
  return { abort: finish, statesEntered: () => history.states, ending: ending.finally(() => over.abort()) };
}

const tooLong: Ending = {
  status: 'FAILED',
  error: 'States.Runtime',
  cause: `More than ${HISTORY_LIMIT} history events`,
};

function ended(ending: Ending): RunningExecution {
  return { abort: () => {}, statesEntered: () => 0, ending: Promise.resolve(ending) };
}

function runnable({ States, ...definition }: Definition): StateMachineDefinition {
  const states = Object.entries(States).map(([name, state]) => [
    name,
    state.Type === 'Wait' && state.TimestampPath ? waitingTask(state) : state,
  ]);
  return { ...definition, States: Object.fromEntries(states) } as StateMachineDefinition;
}

function handlersOf(definition: Definition, signal: AbortSignal, { functions, now }: Deps): object {
  const handlers = Object.entries(definition.States).flatMap(([name, state]) => {
    if (state.Type === 'Task') return [[name, lambdaTask(state, functions, signal)]];
    return state.Type === 'Wait' && state.TimestampPath ? [[name, waitUntil(state, now, signal)]] : [];
  });
  return Object.fromEntries(handlers);
}

/** Events that Step Functions would have written: of a task five, of its retry three, of another state two. */
function eventsOf(event: { readonly type: string; readonly state?: { readonly type: string } }): number {
  if (event.type === 'StateRetried') return 3;
  if (event.type !== 'StateEntered') return 0;
  return event.state?.type === 'Task' ? 5 : 2;
}

function failureOf(error: unknown): Ending {
  if (error instanceof ExecutionAbortedError) return { status: 'ABORTED' };
  if (error instanceof ExecutionTimeoutError) return { status: 'TIMED_OUT' };
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : (error as Error);
  return { status: 'FAILED', error: cause.name, cause: cause.message };
}
