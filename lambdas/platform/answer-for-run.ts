import type { APIGatewayProxyResult } from 'aws-lambda';
import { RetryableError } from '../domain/errors.ts';
import { awaitRun } from '../domain/run/execute-run.ts';
import type { Run, RunState } from '../domain/run/run-state.ts';
import type { StopDeps } from '../domain/run/stop-run.ts';
import { stillExecutingView } from './views/execute-view.ts';
import type { WrapperStore } from './wrappers/wrapper-store.ts';

/** The run that a request began or joined; `state` may be a later one's, when the request was made before. */
export type BegunRun = { readonly state: RunState; readonly epoch: number };

/** The run that the state is about. */
export function begunRun(state: RunState): BegunRun {
  if (!state.run) throw new Error('an executing wrapper has no run');
  return { state, epoch: state.run.epoch };
}

/**
 * Waits for the run's result until the instant its caller waits to, and answers with `overView` of it, or that the run
 * goes on.
 *
 * @throws RetryableError for the instant between the end of a run and its record, when another one has begun.
 */
export async function answerForRun(
  { state, epoch }: BegunRun,
  until: number,
  overView: (wrapperId: string, run: Run) => APIGatewayProxyResult,
  deps: { readonly store: WrapperStore; readonly control: StopDeps },
): Promise<APIGatewayProxyResult> {
  const { wrapperId } = state;
  const { run, over } = await awaitRun(state, epoch, until, deps.control);
  const shown = run ?? (await deps.store.history.loadRun(wrapperId, epoch));
  if (!shown) throw new RetryableError('the run is being replaced');
  return over ? overView(wrapperId, shown) : stillExecutingView(wrapperId, shown);
}
