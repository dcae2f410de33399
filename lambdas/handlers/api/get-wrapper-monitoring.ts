import { WrapperRequest } from '../../contracts/requests.ts';
import { verdict } from '../../domain/run/health.ts';
import { apiHandler } from '../../platform/api/api-handler.ts';
import { isoSeconds, ok } from '../../platform/api/responses.ts';
import { readEnv } from '../../platform/env.ts';
import { systemClock } from '../../platform/system-clock.ts';
import { runStates } from '../../platform/wrappers/run-states.ts';

const env = readEnv('getWrapperMonitoring');
const states = runStates(env.WRAPPERS_TABLE);

export const handler = apiHandler('getWrapperMonitoring', WrapperRequest, async ({ path }) => {
  const state = await states.load(path.wrapper_id);
  const { status, reason, since, lastProgressAt, expectedBy } = verdict(state, systemClock.now());
  const shown = state?.deleted ? null : state;
  return ok({
    wrapper_id: path.wrapper_id,
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
  });
});

function recentErrors(at: number | null, message: string | null) {
  return at === null ? [] : [{ at: isoSeconds(at), message }];
}
