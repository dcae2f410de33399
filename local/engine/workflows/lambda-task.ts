import type { LambdaFunction } from '../functions/lambda-function.ts';
import type { Outcome } from '../functions/outcome.ts';
import { type Definition, functionOf, isIntegration } from './definition-problems.ts';

const PAYLOAD_LIMIT = 256 * 1024;

type Task = Extract<Definition['States'][string], { Type: 'Task' }>;
type TaskHandler = (input: unknown) => Promise<unknown>;

/** An error with the name that Retry and Catch match on; the engine hands `message` on as the Cause. */
class TaskError extends Error {
  constructor(name: string, cause: string) {
    super(cause);
    this.name = name;
  }
}

/** Ends the state without Retry or Catch: the execution is over already, and nothing may be invoked any more. */
class ExecutionOverError extends Error {
  override readonly name = 'ExecutionOverError';
  readonly isRetryable = false;
  readonly isCatchable = false;
}

/**
 * Runs a Task state on its function.
 * @param isOver whether the execution has been stopped: the workflow engine would go on retrying a stopped task
 */
export function lambdaTask(
  task: Task,
  functions: ReadonlyMap<string, LambdaFunction>,
  isOver: () => boolean,
): TaskHandler {
  const wrapped = isIntegration(task);
  return async (input) => {
    const fn = functions.get(functionOf(task));
    if (isOver() || !fn) throw new ExecutionOverError();
    const outcome = await fn.invoke(wrapped ? (input as { Payload?: unknown }).Payload : input);
    if (isOver()) throw new ExecutionOverError();
    const result = resultOf(outcome);
    if (JSON.stringify(result).length <= PAYLOAD_LIMIT) return wrapped ? wrap(result) : result;
    throw new TaskError('States.DataLimitExceeded', `The result is larger than ${PAYLOAD_LIMIT} bytes.`);
  };
}

/** Names as Step Functions gives them: the function's own for what it throws, and two for an end that it cannot tell of. */
function resultOf(outcome: Outcome): unknown {
  if (outcome.kind === 'returned') return outcome.payload;
  const name = { threw: outcome.error.errorType, timeout: 'Sandbox.Timedout', crashed: 'Lambda.Unknown' }[outcome.kind];
  throw new TaskError(name, JSON.stringify(outcome.error));
}

function wrap(payload: unknown): unknown {
  return { ExecutedVersion: '$LATEST', Payload: payload, SdkHttpMetadata: { HttpStatusCode: 200 }, StatusCode: 200 };
}
