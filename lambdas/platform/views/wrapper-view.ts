import type { WrapperDefinition } from '../../contracts/wrapper-definition.ts';
import { type Checkpoint, checkpointId, type RunState, sourceCheckpoint } from '../../domain/run/run-state.ts';
import type { LogEntry } from '../../domain/run/run-store.ts';
import { isoSeconds } from '../api/responses.ts';

/** A wrapper as the API shows it (contract, "Managing wrappers"); absent values are null. */
export function wrapperView(state: RunState, definition: WrapperDefinition, log: readonly LogEntry[]) {
  return {
    wrapper_id: state.wrapperId,
    name: definition.name,
    metadata: definition.metadata ?? null,
    source: definition.source,
    mapping: definition.mapping ?? null,
    destination: definition.destination,
    mode: definition.mode,
    interval_seconds: definition.interval_seconds,
    batch_size: definition.batch_size,
    stall_after_seconds: definition.stall_after_seconds ?? null,
    max_quarantined: definition.max_quarantined,
    status: state.status,
    error_message: state.errorMessage,
    execution_log: log.map(logLine),
    last_data_sent: isoSeconds(state.lastDataSent),
    data_points_count: state.dataPointsCount,
    checkpoint: checkpointView(sourceCheckpoint(state)),
    created_at: isoSeconds(state.createdAt),
    updated_at: isoSeconds(state.updatedAt),
  };
}

/** Null at the beginning: nothing has been delivered yet. */
export function checkpointView(checkpoint: Checkpoint) {
  if (checkpoint.position === null) return null;
  return {
    id: checkpointId(checkpoint),
    phase: checkpoint.phase,
    high_water_mark: checkpoint.highWaterMark,
    low_water_mark: checkpoint.lowWaterMark,
    position: checkpoint.position,
    updated_at: isoSeconds(checkpoint.updatedAt),
  };
}

export function logLine(entry: LogEntry): string {
  return `${isoSeconds(entry.at)} ${entry.level} ${entry.text}`;
}
