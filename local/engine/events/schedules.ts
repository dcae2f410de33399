import { Cron } from 'croner';
import type { ScheduleModel } from '../template/model.ts';
import { CRON_OPTIONS, parseSchedule } from './schedule-expression.ts';

/**
 * Runs schedules until stopped.
 * @param everySeconds runs each of them this often instead of when its expression says, so that tests need not wait
 * @returns stops them
 */
export function startSchedules(
  schedules: readonly ScheduleModel[],
  fire: (schedule: ScheduleModel) => void,
  everySeconds?: number,
): () => void {
  const stops = schedules.map((schedule) => {
    if (schedule.beginsAtOnce) fire(schedule);
    const parsed = parseSchedule(schedule.expression);
    const seconds = everySeconds ?? (parsed?.kind === 'rate' ? parsed.seconds : undefined);
    if (seconds !== undefined) {
      const timer = setInterval(() => fire(schedule), seconds * 1000);
      return () => clearInterval(timer);
    }
    const pattern = parsed?.kind === 'cron' ? parsed.pattern : '';
    const cron = new Cron(pattern, { ...CRON_OPTIONS, timezone: schedule.timeZone }, () => fire(schedule));
    return () => cron.stop();
  });
  return () => {
    for (const stop of stops) stop();
  };
}
