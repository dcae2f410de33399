import type { LambdaFunction } from '../functions/lambda-function.ts';
import type { Outcome } from '../functions/outcome.ts';
import { type Definition, functionOf, isIntegration } from './definition-problems.ts';
import { executionOver, TaskError, TerminalError } from './task-error.ts';

const PAYLOAD_LIMIT = 256 * 1024;

type Task = Extract<Definition['States'][string], { Type: 'Task' }>;
type TaskHandler = (input: unknown) => Promise<unknown>;

/**
 * Runs a Task state on its function.
 * @param signal aborted when the execution is over
 */
export function lambdaTask(
  task: Task,
  functions: ReadonlyMap<string, LambdaFunction>,
  signal: AbortSignal,
): TaskHandler {
  const wrapped = isIntegration(task);
  return async (input) => {
    const fn = functions.get(functionOf(task));
    if (signal.aborted || !fn) throw executionOver();
    const outcome = await fn.invoke(wrapped ? (input as { Payload?: unknown }).Payload : input);
    if (signal.aborted) throw executionOver();
    const result = resultOf(outcome);
    if (Buffer.byteLength(JSON.stringify(result)) <= PAYLOAD_LIMIT) return wrapped ? wrap(result) : result;
    throw new TerminalError('States.DataLimitExceeded', `The result is larger than ${PAYLOAD_LIMIT} bytes.`);
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
