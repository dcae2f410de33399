import { Duration } from 'aws-cdk-lib';
import { AlarmStatusWidget, Dashboard, GraphWidget, type IMetric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { Settings } from '../settings.ts';
import type { Alarms } from './alarms.ts';
import { headgateMetric } from './headgate-metric.ts';
import type { Monitored } from './monitored.ts';

const minutes = 5;
const period = Duration.minutes(minutes);
const p99 = Stats.percentile(99);

/** Alarms first, then in the order in which data flows: requests, runs, feeds, queues. */
export function addDashboard(scope: Construct, settings: Settings, monitored: Monitored, alarms: Alarms): void {
  const { api, polls, missedTicks, missedReconciliations } = monitored;
  const own = (name: string, statistic: string) => headgateMetric({ settings, name, statistic, minutes });
  const by = (name: string, dimension: string, values: readonly string[], statistic: string) =>
    values.map((value) =>
      headgateMetric({ settings, name, dimensions: { [dimension]: value }, statistic, minutes }).with({ label: value }),
    );
  new Dashboard(scope, 'Dashboard', {
    dashboardName: `headgate-${settings.stage}`,
    defaultInterval: Duration.hours(12),
    widgets: [
      [
        new AlarmStatusWidget({
          title: 'Alarms',
          alarms: [alarms.any, ...alarms.all.map(({ alarm }) => alarm)],
          width: 24,
        }),
      ],
      [
        graph('Requests', [api.metricCount({ period })]),
        graph('Requests refused and failed', [api.metricClientError({ period }), api.metricServerError({ period })]),
        graph('Latency, ms', [api.metricLatency({ period }), api.metricLatency({ period, statistic: p99 })]),
      ],
      [
        graph('Wrappers by health', by('WrappersByHealth', 'status', healths, Stats.MAXIMUM)),
        graph('Runs by outcome', by('Runs', 'outcome', runOutcomes, Stats.SUM)),
        graph('Stops, ms', [own('StopDuration', Stats.AVERAGE), own('StopDuration', Stats.MAXIMUM)]),
      ],
      [
        graph('Feeds by status', by('AdaptersByStatus', 'status', feedStatuses, Stats.MAXIMUM)),
        graph('Polls by outcome', by('Polls', 'outcome', pollOutcomes, Stats.SUM)),
        graph('Age of the oldest feed, s', [own('FeedAge', Stats.MAXIMUM)]),
      ],
      [
        graph('Polls, ms', [own('PollQueueLag', p99), own('PollDuration', p99)]),
        graph('Polls waiting', [
          polls.queue.metricApproximateNumberOfMessagesVisible({ period }),
          polls.queue.metricApproximateAgeOfOldestMessage({ period }),
        ]),
        graph(
          'Dead letters',
          [polls.deadLetters, missedTicks, missedReconciliations].map((queue) =>
            queue.metricApproximateNumberOfMessagesVisible({ period }),
          ),
        ),
      ],
    ],
  });
}

const healths = ['HEALTHY', 'DEGRADED', 'STALLED', 'CRASHED'];
const runOutcomes = ['completed', 'stopped', 'failed', 'lost', 'refused'];
const feedStatuses = ['healthy', 'degraded', 'stale', 'down', 'initializing', 'unknown'];
const pollOutcomes = [
  'success',
  'partial_success',
  'upstream_http_failure',
  'upstream_timeout',
  'upstream_network_failure',
  'upstream_parse_failure',
  'upstream_empty',
  'upstream_stale',
  'upstream_too_large',
  'internal_failure',
];

function graph(title: string, left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, left, width: 8 });
}
