import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { HealthStatus } from '../domain/run/health.ts';
import type { Run } from '../domain/run/run-state.ts';
import type { SliceEnd } from '../domain/run/slice-end.ts';
import { logger } from './logger.ts';
import { metrics } from './metrics.ts';

/**
 * A run whose end leaves its wrapper CRASHED says so here: settled, it is no longer among those that are swept. Which
 * run it was, the log says.
 */
export function measureRun({ executionId, outcome }: Run): void {
  logger.info('run ended', { execution_id: executionId, outcome });
  count('Runs', { outcome }, 1);
  if (outcome === 'failed' || outcome === 'lost') countHealth('CRASHED', 1);
}

export function measureSlice({ outcome }: SliceEnd): void {
  count('Slices', { outcome }, 1);
}

/** Only verdicts that some wrapper has: a metric that says nothing is paid for all the same. */
export function measureSweep(verdicts: ReadonlyMap<HealthStatus, number>): void {
  metrics.singleMetric().addMetric('ReconcilerHeartbeat', MetricUnit.Count, 1);
  for (const [status, wrappers] of verdicts) countHealth(status, wrappers);
}

/** From the request until nothing of the run is sent any more. */
export function measureStop(milliseconds: number): void {
  metrics.singleMetric().addMetric('StopDuration', MetricUnit.Milliseconds, milliseconds);
}

function countHealth(status: HealthStatus, wrappers: number): void {
  count('WrappersByHealth', { status }, wrappers);
}

function count(name: string, dimension: Readonly<Record<string, string>>, value: number): void {
  metrics.singleMetric().addDimensions(dimension).addMetric(name, MetricUnit.Count, value);
}
