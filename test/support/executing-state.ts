import { begin } from '../../lambdas/domain/run/control-steps.ts';
import { newRunState, type RunState } from '../../lambdas/domain/run/run-state.ts';
import type { Step } from '../../lambdas/domain/run/step.ts';
import { MORNING } from './manual-clock.ts';
import { settings, timing, WRAPPER } from './run-world.ts';

/** A wrapper that has never run. */
export function pendingState(overrides: Partial<RunState> = {}): RunState {
  return { ...newRunState(WRAPPER, settings, MORNING), ...overrides };
}

/** A wrapper whose run has just begun. */
export function executingState(overrides: Partial<RunState> = {}): RunState {
  return { ...stateAfter(begin('request-1', 'checkpoint', timing), pendingState()), ...overrides };
}

/** The state that a step leads to. @throws when the step refuses, or has nothing to do. */
export function stateAfter(step: Step<string>, state: RunState, now = MORNING): RunState {
  const decision = step(state, now);
  if (decision.outcome !== 'apply') throw new Error(`the step answered ${decision.outcome}`);
  return decision.state;
}
