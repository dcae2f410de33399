import { verdict } from '../../domain/run/health.ts';
import type { RunState } from '../../domain/run/run-state.ts';
import { isoSeconds } from '../api/responses.ts';

/** The answer of `/monitoring`: the verdict of `/health`, and what it rests on. */
export function monitoringView(wrapperId: string, state: RunState | null, now: number) {
  const { status, reason, since, lastProgressAt, expectedBy } = verdict(state, now);
  const shown = state?.deleted ? null : state;
  return {
    wrapper_id: wrapperId,
    health_status: status,
    monitoring_details: {
      reason_code: reason,
      since: isoSeconds(since),
      last_progress_at: isoSeconds(lastProgressAt),
      expected_by: isoSeconds(expectedBy),
      recent_errors: recentErrors(shown?.recentErrorAt ?? null, shown?.recentError ?? null),
      status: shown?.status ?? null,
      execution_id: shown?.run?.executionId ?? null,
      lease_until: isoSeconds(shown?.leaseUntil ?? null),
      error_message: shown?.errorMessage ?? null,
    },
  };
}

function recentErrors(at: number | null, message: string | null) {
  return at === null ? [] : [{ at: isoSeconds(at), message }];
}
