import { estimateCost } from '../../domain/run/cost.ts';
import { executionIdOf, type Run } from '../../domain/run/run-state.ts';
import { isoSeconds } from '../api/responses.ts';

/** A run as the API shows it; `notes` tell how the source was read, `redrives` whose quarantine it was instead. */
export function executionView(wrapperId: string, run: Run, now: number) {
  return {
    execution_id: run.executionId,
    wrapper_id: wrapperId,
    redrives: typeof run.redrives === 'number' ? executionIdOf(wrapperId, run.redrives) : null,
    status: statusOf(run),
    started_at: isoSeconds(run.startedAt),
    finished_at: isoSeconds(run.endedAt),
    duration_seconds: run.endedAt === null ? null : (run.endedAt - run.startedAt) / 1000,
    records_read: run.counts.recordsRead,
    data_points_sent: run.counts.dataPointsSent,
    quarantined: run.counts.quarantined,
    batches: run.counts.batches,
    bytes_sent: run.counts.bytesSent,
    error: run.failure?.message ?? null,
    notes: run.notes,
    estimated_cost_usd: estimateCost(run, now),
  };
}

/** In the words of a wrapper's status. */
function statusOf(run: Run): 'executing' | 'completed' | 'stopped' | 'error' {
  const { outcome } = run;
  return outcome === 'executing' || outcome === 'completed' || outcome === 'stopped' ? outcome : 'error';
}
