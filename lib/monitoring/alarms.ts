import { Duration } from 'aws-cdk-lib';
import { AlarmRule, CompositeAlarm, type IAlarmAction, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Settings } from '../settings.ts';
import { headgateMetric } from './headgate-metric.ts';
import type { Monitored } from './monitored.ts';
import { ServiceAlarm, type ServiceAlarmProps } from './service-alarm.ts';

type AlarmDescription = Omit<ServiceAlarmProps, 'settings' | 'action'>;
type Descriptions = Readonly<Record<string, AlarmDescription>>;

/** Each tells by itself, since the second trouble of a night may be the worse one; all together are one more state. */
export class Alarms extends Construct {
  readonly all: readonly ServiceAlarm[];
  readonly any: CompositeAlarm;

  constructor(scope: Construct, id: string, settings: Settings, monitored: Monitored, action: IAlarmAction) {
    super(scope, id);
    const descriptions: Descriptions = {
      ...ofRuns(settings),
      ...ofExecutions(monitored),
      ...ofFeeds(settings, monitored),
      ...ofDeadLetters(monitored),
      ...ofRequests(monitored),
    };
    this.all = Object.entries(descriptions).map(
      ([name, description]) => new ServiceAlarm(this, name, { ...description, settings, action }),
    );
    this.any = new CompositeAlarm(this, 'Any', {
      compositeAlarmName: `headgate-${settings.stage}-any`,
      alarmDescription: 'Something is wrong with Headgate: one of its alarms, which tell what, has gone off.',
      alarmRule: AlarmRule.anyOf(...this.all.map(({ alarm }) => alarm)),
    });
  }
}

function ofRuns(settings: Settings): Descriptions {
  const runs = (outcome: string) =>
    headgateMetric({ settings, name: 'Runs', dimensions: { outcome }, statistic: Stats.SUM });
  const wrappers = (status: string) => headgateMetric({ settings, name: 'WrappersByHealth', dimensions: { status } });
  return {
    WrapperCrashed: {
      metric: wrappers('CRASHED'),
      when: { atLeast: 1 },
      impact: 'At least one wrapper delivers nothing until its next run: its last one failed or its process is gone.',
      runbook: 'docs/runbook.md#a-wrapper-is-crashed',
    },
    WrapperStalled: {
      metric: wrappers('STALLED'),
      when: { atLeast: 1 },
      impact: 'At least one wrapper is alive and delivers nothing in the time it should.',
      runbook: 'docs/runbook.md#a-wrapper-is-stalled',
    },
    RunFailed: {
      metric: runs('failed'),
      when: { atLeast: 1 },
      impact: 'A run came to an end that it recorded itself; what comes after its checkpoint is not delivered.',
      runbook: 'docs/runbook.md#a-run-failed',
    },
    RunLost: {
      metric: runs('lost'),
      when: { atLeast: 1 },
      impact: 'A run ended without a word; what comes after its checkpoint is not delivered.',
      runbook: 'docs/runbook.md#a-lost-run',
    },
    ReconcilerSilent: {
      metric: headgateMetric({ settings, name: 'ReconcilerHeartbeat', statistic: Stats.SUM }),
      when: 'silence',
      periods: 5,
      impact: 'Nobody finishes abandoned stops and deletions, starts what was never started, or finds runs that died.',
      runbook: 'docs/runbook.md#the-reconciler',
    },
  };
}

function ofExecutions({ machine }: Monitored): Descriptions {
  const minutely = { period: Duration.minutes(1), statistic: Stats.SUM };
  return {
    ExecutionFailed: {
      metric: machine.metricFailed(minutely),
      when: { atLeast: 1 },
      impact: 'The state machine gave up an execution; its run failed, or ended without a word.',
      runbook: 'docs/runbook.md#an-execution-failed',
    },
    ExecutionTimedOut: {
      metric: machine.metricTimedOut(minutely),
      when: { atLeast: 1 },
      impact: 'An execution went on for longer than AWS lets it; its run is lost unless it was handed over before.',
      runbook: 'docs/runbook.md#an-execution-failed',
    },
  };
}

function ofFeeds(settings: Settings, { polls }: Monitored): Descriptions {
  const adapters = (status: string) => headgateMetric({ settings, name: 'AdaptersByStatus', dimensions: { status } });
  return {
    FeedStale: {
      metric: adapters('stale'),
      when: { atLeast: 1 },
      periods: 2,
      impact: 'Records of at least one feed are older than its readers were promised.',
      runbook: 'docs/runbook.md#a-feed-is-stale-or-down',
    },
    FeedDown: {
      metric: adapters('down'),
      when: { atLeast: 1 },
      periods: 2,
      impact: 'At least one feed has not been read for so long that its records say nothing about now.',
      runbook: 'docs/runbook.md#a-feed-is-stale-or-down',
    },
    DispatcherSilent: {
      metric: headgateMetric({ settings, name: 'DispatcherHeartbeat', statistic: Stats.SUM }),
      when: 'silence',
      periods: 5,
      impact: 'No feed is polled any more, and all of them will be stale within minutes.',
      runbook: 'docs/runbook.md#the-dispatcher',
    },
    PollsWait: {
      metric: polls.queue.metricApproximateAgeOfOldestMessage({
        period: Duration.minutes(1),
        statistic: Stats.MAXIMUM,
      }),
      // A message may be a minute ahead of its time, and one that failed once comes back after fifteen.
      when: { atLeast: 1200 },
      periods: 2,
      impact: 'Polls wait too long for the poller: feeds are read late or not at all.',
      runbook: 'docs/runbook.md#polls-wait',
    },
  };
}

function ofDeadLetters({ polls, missedTicks, missedReconciliations }: Monitored): Descriptions {
  const letters = ({ deadLetters }: Pick<Monitored['polls'], 'deadLetters'>) => ({
    metric: deadLetters.metricApproximateNumberOfMessagesVisible({
      period: Duration.minutes(1),
      statistic: Stats.MAXIMUM,
    }),
    when: { atLeast: 1 },
    runbook: 'docs/runbook.md#messages-in-a-dead-letter-queue' as const,
  });
  return {
    PollsDead: {
      ...letters(polls),
      impact: 'A poll failed five times for a reason that is ours; its feed is late, or never read.',
    },
    TicksDead: {
      ...letters({ deadLetters: missedTicks }),
      impact: 'A call of the dispatcher did not get through: feeds were read a minute late, unless it goes on.',
    },
    ReconciliationsDead: {
      ...letters({ deadLetters: missedReconciliations }),
      impact: 'A call of the reconciler did not get through: what died was found a minute late, unless it goes on.',
    },
  };
}

function ofRequests({ api }: Monitored): Descriptions {
  return {
    ApiFails: {
      metric: api.metricServerError({ period: Duration.minutes(5), statistic: Stats.SUM }),
      // One is an upstream out of reach, which execute tells of by the same status.
      when: { atLeast: 5 },
      impact: 'Callers are answered 5xx: their requests are not carried out.',
      runbook: 'docs/runbook.md#requests-are-answered-5xx',
    },
  };
}
