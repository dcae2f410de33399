import { verdict } from '../../domain/run/health.ts';
import type { RunState } from '../../domain/run/run-state.ts';

/** The answer of `/health`, also for a wrapper that is not there. */
export function healthView(wrapperId: string, state: RunState | null, now: number) {
  const { status, executing } = verdict(state, now);
  return { wrapper_id: wrapperId, health_status: status, is_actively_executing: executing };
}
