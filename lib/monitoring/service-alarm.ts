import {
  Alarm,
  ComparisonOperator,
  type IAlarmAction,
  type Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { kebabCase } from '../constructs/kebab-case.ts';
import type { Settings } from '../settings.ts';

export type ServiceAlarmProps = {
  readonly settings: Settings;
  readonly metric: Metric;
  /** Goes off at so much and more; `silence`: when there is less than one, or nothing at all. */
  readonly when: { readonly atLeast: number } | 'silence';
  /** Periods of the metric in a row; one unless it is said. */
  readonly periods?: number;
  /** One sentence for whoever is woken: what does not work now, and for whom. */
  readonly impact: string;
  /** The section that says what to do. */
  readonly runbook: `docs/runbook.md#${string}`;
  readonly action: IAlarmAction;
};

/** An alarm that says what it means and what to do. Nothing measured is good news, but for what has to be heard of. */
export class ServiceAlarm extends Construct {
  readonly alarm: Alarm;

  constructor(scope: Construct, id: string, props: ServiceAlarmProps) {
    super(scope, id);
    const { settings, metric, when, periods = 1, impact, runbook, action } = props;
    const isSilence = when === 'silence';
    this.alarm = new Alarm(this, 'Alarm', {
      alarmName: `headgate-${settings.stage}${kebabCase(id)}`,
      alarmDescription: `${impact} What to do: ${runbook}`,
      metric,
      evaluationPeriods: periods,
      threshold: isSilence ? 1 : when.atLeast,
      comparisonOperator: isSilence
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: isSilence ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
    this.alarm.addAlarmAction(action);
    this.alarm.addOkAction(action);
  }
}
