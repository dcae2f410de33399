import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { TickReport } from '../../domain/feeds/dispatch-polls.ts';
import type { PollReport } from '../../domain/feeds/settle-poll.ts';
import { metrics } from '../metrics.ts';

/** One line of the log for the durations of a batch of polls, and one for each way they ended. */
export function measurePolls(reports: readonly PollReport[]): void {
  for (const { lagMs, durationMs } of reports) {
    metrics.addMetric('PollQueueLag', MetricUnit.Milliseconds, lagMs);
    metrics.addMetric('PollDuration', MetricUnit.Milliseconds, durationMs);
  }
  metrics.publishStoredMetrics();
  for (const [outcome, { length }] of Object.entries(Object.groupBy(reports, (report) => report.outcome))) {
    metrics.singleMetric().addDimension('outcome', outcome).addMetric('Polls', MetricUnit.Count, length);
  }
}

/**
 * A missing heartbeat is an alarm: nothing else would tell that no feed is polled any more. A status that no feed has
 * is left out, since a metric that says nothing is paid for all the same.
 */
export function measureTick({ statuses, oldestFeedSeconds }: TickReport): void {
  metrics.addMetric('DispatcherHeartbeat', MetricUnit.Count, 1);
  if (oldestFeedSeconds !== null) metrics.addMetric('FeedAge', MetricUnit.Seconds, oldestFeedSeconds);
  metrics.publishStoredMetrics();
  for (const [status, count] of Object.entries(statuses)) {
    if (count > 0)
      metrics.singleMetric().addDimension('status', status).addMetric('AdaptersByStatus', MetricUnit.Count, count);
  }
}
