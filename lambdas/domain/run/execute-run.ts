import { ConflictError, NotFoundError, RetryableError } from '../errors.ts';
import { abandon, begin, declareDead, redrivenBy, type StartFrom } from './control-steps.ts';
import type { Executions } from './executions.ts';
import type { Run, RunState, Timing } from './run-state.ts';
import { type SettleDeps, settleRun } from './settle-run.ts';
import { applyStep } from './step.ts';

export type ExecuteDeps = SettleDeps & {
  readonly executions: Executions;
  readonly timing: Timing;
};

export const LOST_MESSAGE = 'The run ended without a word: its process is gone';

const MOST_TRIES = 5;

/**
 * Begins a run, or joins the one that is going on; answers the state as of then. A run that died is declared lost
 * first and its pending batch taken over. `requestId` names this request, so that trying again never begins twice.
 *
 * @throws NotFoundError, ConflictError where a re-drive and another run would meet (their results say different
 * things, so neither joins the other), and RetryableError when the state machine takes no new execution: the run is then given up.
 */
export async function executeRun(
  wrapperId: string,
  request: { readonly requestId: string; readonly from: StartFrom },
  deps: ExecuteDeps,
): Promise<RunState> {
  const stored = await deps.store.load(wrapperId);
  if (!stored) throw new NotFoundError('Wrapper not found');
  let state: RunState = stored;
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const begun = await applyStep(begin(request.requestId, request.from, deps.timing), state, deps);
    switch (begun.outcome) {
      case 'applied':
        return start(begun.state, deps);
      case 'running':
        if (redrivenBy(request.from) !== null || begun.state.setAside) throw executing();
        return begun.state;
      case 'not-found':
        throw new NotFoundError('Wrapper not found');
      case 'dead':
        state = (await applyStep(declareDead(begun.state.epoch, LOST_MESSAGE, deps.timing), begun.state, deps)).state;
        break;
      case 'unsettled':
        await settleRun(begun.state, deps);
        state = (await deps.store.load(wrapperId)) ?? begun.state;
        break;
      case 'draining':
        await deps.clock.sleep((begun.state.strayUntil ?? 0) + deps.timing.marginMs + 1 - deps.clock.now());
        state = (await deps.store.load(wrapperId)) ?? begun.state;
    }
  }
  throw new ConflictError('the wrapper kept changing while a run was to begin');
}

/**
 * The result of a run, once there is one: it ended, or has caught up for the first time. What an ended run leaves
 * behind is written by then: who was told of the end finds it in the log.
 */
export async function awaitRun(
  state: RunState,
  epoch: number,
  until: number,
  deps: SettleDeps,
): Promise<{ readonly state: RunState; readonly run: Run | null; readonly over: boolean }> {
  let pauseMs = 50;
  for (let latest = state; ; latest = (await deps.store.load(state.wrapperId)) ?? latest) {
    const { run } = latest;
    if (!run || run.epoch !== epoch) return { state: latest, run: null, over: true };
    if (run.outcome !== 'executing' || run.caughtUpAt !== null) {
      await settleRun(latest, deps);
      return { state: latest, run, over: true };
    }
    const left = until - deps.clock.now();
    if (left <= 0) return { state: latest, run, over: false };
    await deps.clock.sleep(Math.min(pauseMs, left));
    pauseMs = Math.min(pauseMs * 1.5, 1000);
  }
}

function executing(): ConflictError {
  return new ConflictError('Wrapper is executing; stop it first, or wait for its end');
}

async function start(state: RunState, deps: ExecuteDeps): Promise<RunState> {
  const { wrapperId, run } = state;
  // The request was made before: its run is going on, or over.
  if (!run || state.status !== 'executing' || state.attempt > 0) return state;
  try {
    await deps.executions.start({ wrapperId, epoch: run.epoch, handover: run.handover });
  } catch (error) {
    const cause = 'Service unavailable: the run could not be started';
    const given = await applyStep(abandon(run.epoch, cause), state, deps);
    if (given.outcome === 'started') return given.state;
    await settleRun(given.state, deps);
    throw new RetryableError('the run could not be started', { cause: error });
  }
  return state;
}
