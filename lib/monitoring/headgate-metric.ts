import { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Settings } from '../settings.ts';

type HeadgateMetric = {
  readonly settings: Settings;
  readonly name: string;
  /** The most of all samples, where it is not said: what functions count, more than one of them may count. */
  readonly statistic?: string;
  /** Besides that of the deployment, which all have. */
  readonly dimensions?: Readonly<Record<string, string>>;
  readonly minutes?: number;
};

/** A metric that functions write to their log (`lambdas/platform/metrics.ts`). */
export function headgateMetric({ settings, name, statistic, dimensions, minutes = 1 }: HeadgateMetric): Metric {
  return new Metric({
    namespace: 'Headgate',
    metricName: name,
    dimensionsMap: { service: `headgate-${settings.stage}`, ...dimensions },
    statistic: statistic ?? Stats.MAXIMUM,
    period: Duration.minutes(minutes),
  });
}
