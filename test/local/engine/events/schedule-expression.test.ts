import { expect, test } from '@jest/globals';
import { Cron } from 'croner';
import { CRON_OPTIONS, parseSchedule } from '../../../../local/engine/events/schedule-expression.ts';

test.each([
  ['rate(1 minute)', { kind: 'rate', seconds: 60 }],
  ['rate(2 hours)', { kind: 'rate', seconds: 7200 }],
  ['rate(1 week)', undefined],
  ['at(2030-01-01T00:00:00)', undefined],
  ['cron(0 12 * *)', undefined],
  ['cron(0 12 L * ? *)', undefined],
  ['cron(0 12 ? * 2#1 *)', undefined],
  ['cron(0 25 * * ? *)', undefined],
])('%s is read', (expression, expected) => {
  expect(parseSchedule(expression)).toEqual(expected);
});

test.each([
  ['cron(0 12 ? * 1 *)', '2026-01-04T12:00:00.000Z'], // Sunday
  ['cron(0 12 ? * MON-WED 2027)', '2027-01-04T12:00:00.000Z'],
  ['cron(30 8 ? * 2-6 *)', '2026-01-01T08:30:00.000Z'], // Thursday
  ['cron(0/15 * * * ? *)', '2026-01-01T00:15:00.000Z'],
])('%s fires next at %s', (expression, next) => {
  const schedule = parseSchedule(expression);
  if (schedule?.kind !== 'cron') throw new Error('not a cron expression');
  const cron = new Cron(schedule.pattern, { ...CRON_OPTIONS, timezone: 'UTC', paused: true });
  expect(cron.nextRun(new Date('2026-01-01T00:00:00Z'))?.toISOString()).toBe(next);
});
