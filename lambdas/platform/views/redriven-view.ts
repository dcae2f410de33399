import type { APIGatewayProxyResult } from 'aws-lambda';
import type { Run } from '../../domain/run/run-state.ts';
import { isoSeconds, ok } from '../api/responses.ts';
import { overView } from './execute-view.ts';

/** How a re-drive that is over answers; one that failed answers as an execute that failed does. */
export function redrivenView(wrapperId: string, run: Run): APIGatewayProxyResult {
  if (run.outcome !== 'completed') return overView(wrapperId, run);
  return ok({
    wrapper_id: wrapperId,
    success: true,
    message: 'Quarantine re-driven successfully',
    execution_id: run.executionId,
    rows_tried: run.counts.recordsRead,
    data_points_sent: run.counts.dataPointsSent,
    still_quarantined: run.counts.quarantined,
    execution_time: isoSeconds(run.endedAt),
  });
}
