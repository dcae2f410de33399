import { isDeepStrictEqual } from 'node:util';
import type { Sample } from '../support/captured-metrics.ts';
import type { AlarmProperties } from './properties.ts';

/** Whether CloudWatch would call it an alarm if each period of the alarm had these samples. */
export function isInAlarm(alarm: AlarmProperties, samples: readonly Sample[]): boolean {
  const dimensions = Object.fromEntries(alarm.Dimensions.map(({ Name, Value }) => [Name, Value]));
  const values = samples
    .filter(({ namespace, name }) => namespace === alarm.Namespace && name === alarm.MetricName)
    .filter((sample) => isDeepStrictEqual(sample.dimensions, dimensions))
    .map(({ value }) => value);
  if (values.length === 0) return alarm.TreatMissingData === 'breaching';
  const value = alarm.Statistic === 'Sum' ? values.reduce((sum, one) => sum + one) : Math.max(...values);
  return alarm.ComparisonOperator === 'LessThanThreshold' ? value < alarm.Threshold : value >= alarm.Threshold;
}
