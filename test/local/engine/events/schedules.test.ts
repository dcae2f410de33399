import { afterEach, expect, test } from '@jest/globals';
import { type Schedules, startSchedules } from '../../../../local/engine/events/schedules.ts';
import type { ScheduleModel } from '../../../../local/engine/template/model.ts';
import { until } from '../start-test-engine.ts';

let schedules: Schedules | undefined;
afterEach(() => schedules?.close());

const schedule = (name: string, more: Partial<ScheduleModel> = {}): ScheduleModel => ({
  name,
  arn: `arn:aws:scheduler:us-east-1:000000000000:schedule/default/${name}`,
  expression: 'rate(1 minute)',
  timeZone: 'UTC',
  ofScheduler: true,
  state: 'ENABLED',
  beginsAtOnce: true,
  targets: [],
  ...more,
});

test('a schedule that is disabled calls nobody until it is enabled again', async () => {
  const fired: string[] = [];
  const count = (name: string) => fired.filter((each) => each === name).length;
  const models = [schedule('a'), schedule('b'), schedule('off', { state: 'DISABLED' })];
  schedules = startSchedules(models, ({ name }) => fired.push(name), 0.005);
  await until(() => count('a') > 2);

  schedules.setState('a', 'DISABLED');
  const [before, others] = [count('a'), count('b')];
  await until(() => count('b') > others + 3);
  expect([count('a'), count('off')]).toEqual([before, 0]);

  schedules.setState('a', 'ENABLED');
  schedules.setState('off', 'ENABLED');
  await until(() => count('a') > before && count('off') > 0);
});

test('a schedule that is not there can not be changed', () => {
  schedules = startSchedules([schedule('rule', { ofScheduler: false })], () => undefined);
  expect(() => schedules?.setState('rule', 'DISABLED')).toThrow('there is no schedule rule');
});
