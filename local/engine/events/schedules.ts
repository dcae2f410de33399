import { Cron } from 'croner';
import type { ScheduleModel, ScheduleState } from '../template/model.ts';
import { CRON_OPTIONS, parseSchedule } from './schedule-expression.ts';

export type Schedules = {
  /** One of EventBridge Scheduler, as it is now. */
  find(name: string): ScheduleModel | undefined;
  /** One that is disabled keeps its time, and lets it pass. */
  setState(name: string, state: ScheduleState): void;
  close(): void;
};

/**
 * Runs schedules until closed.
 * @param everySeconds runs each of them this often instead of when its expression says, so that tests need not wait
 */
export function startSchedules(
  models: readonly ScheduleModel[],
  fire: (schedule: ScheduleModel) => void,
  everySeconds?: number,
): Schedules {
  const schedules = new Map(models.map((schedule) => [schedule.arn, schedule]));
  const fireIfEnabled = (arn: string): void => {
    const schedule = schedules.get(arn);
    if (schedule?.state === 'ENABLED') fire(schedule);
  };
  const stops = models.map((schedule) => start(schedule, () => fireIfEnabled(schedule.arn), everySeconds));
  const find = (name: string) => [...schedules.values()].find((each) => each.ofScheduler && each.name === name);
  return {
    find,
    setState(name, state) {
      const schedule = find(name);
      if (!schedule) throw new Error(`there is no schedule ${name}`);
      schedules.set(schedule.arn, { ...schedule, state });
    },
    close() {
      for (const stop of stops) stop();
    },
  };
}

/** Answers what stops it. */
function start(schedule: ScheduleModel, fire: () => void, everySeconds: number | undefined): () => void {
  if (schedule.beginsAtOnce) fire();
  const parsed = parseSchedule(schedule.expression);
  const seconds = everySeconds ?? (parsed?.kind === 'rate' ? parsed.seconds : undefined);
  if (seconds !== undefined) {
    const timer = setInterval(fire, seconds * 1000);
    return () => clearInterval(timer);
  }
  const pattern = parsed?.kind === 'cron' ? parsed.pattern : '';
  const cron = new Cron(pattern, { ...CRON_OPTIONS, timezone: schedule.timeZone }, fire);
  return () => cron.stop();
}
