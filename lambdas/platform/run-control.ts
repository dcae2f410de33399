import type { EnvironmentOf } from '../contracts/environments.ts';
import type { Timing } from '../domain/run/run-state.ts';
import type { StopDeps } from '../domain/run/stop-run.ts';
import { measureRun } from './run-metrics.ts';
import { executions } from './step-functions.ts';
import { systemClock } from './system-clock.ts';
import type { WrapperStore } from './wrappers/wrapper-store.ts';

type ControlEnvironment = EnvironmentOf<'stopWrapper'>;

/** What starting, stopping and reconciling runs works with. */
export function runControl(env: ControlEnvironment, store: WrapperStore): StopDeps {
  return {
    store: store.states,
    history: store.history,
    executions: executions(env.STATE_MACHINE_ARN),
    clock: systemClock,
    onSettled: measureRun,
    timing: timingOf(env),
  };
}

export function timingOf(env: Pick<ControlEnvironment, 'LEASE_SECONDS' | 'SEND_SECONDS' | 'MARGIN_SECONDS'>): Timing {
  return {
    leaseMs: env.LEASE_SECONDS * 1000,
    sendMs: env.SEND_SECONDS * 1000,
    marginMs: env.MARGIN_SECONDS * 1000,
  };
}
