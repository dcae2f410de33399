import type { APIGatewayProxyResult } from 'aws-lambda';
import type { Run } from '../../domain/run/run-state.ts';
import { isoSeconds, respond } from '../api/responses.ts';

const STILL_EXECUTING_RETRY_SECONDS = '5';

/** How execute answers for a run that is over, or has caught up for the first time (contract W-10, W-11, W-15). */
export function overView(wrapperId: string, run: Run): APIGatewayProxyResult {
  const { outcome, failure } = run;
  const at = isoSeconds(run.endedAt ?? run.caughtUpAt);
  if (outcome === 'completed' || outcome === 'executing') {
    return respond(200, {
      wrapper_id: wrapperId,
      success: true,
      message: 'Wrapper executed successfully',
      data_points_sent: run.counts.dataPointsSent,
      execution_time: at,
    });
  }
  if (failure?.kind === 'refused') return executionError(failure.message);
  if (failure?.kind === 'unavailable') return unavailable(failure.message);
  const message =
    outcome === 'stopped' ? 'Wrapper was stopped' : (failure?.message ?? 'The run ended without a reason');
  return respond(200, { wrapper_id: wrapperId, success: false, message, data_points_sent: null, execution_time: at });
}

/** How execute answers while the run goes on (contract W-12). */
export function stillExecutingView(wrapperId: string, run: Run): APIGatewayProxyResult {
  const body = {
    wrapper_id: wrapperId,
    success: null,
    message: 'Wrapper is still executing',
    data_points_sent: run.counts.dataPointsSent,
    execution_time: null,
    execution_id: run.executionId,
  };
  return respond(202, body, {
    Location: `/resources/wrappers/${wrapperId}/executions/${run.executionId}`,
    'Retry-After': STILL_EXECUTING_RETRY_SECONDS,
  });
}

export function executionError(cause: string): APIGatewayProxyResult {
  return respond(400, { detail: `Execution error: ${cause}` });
}

export function unavailable(cause: string): APIGatewayProxyResult {
  return respond(503, { detail: `Service unavailable: ${cause}` });
}
