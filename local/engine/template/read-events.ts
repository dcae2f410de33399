import { findPatternProblems } from '../events/event-pattern.ts';
import { parseSchedule } from '../events/schedule-expression.ts';
import type { EventPattern, FunctionModel, Model, RuleModel, ScheduleModel, Target } from './model.ts';
import type { Resources } from './read-resources.ts';

type Report = (problem: string) => void;

/** Rules that are enabled, and schedules; a rule with a schedule is one of them. */
export function readEvents(
  resources: Resources,
  functions: readonly FunctionModel[],
  report: Report,
): Pick<Model, 'rules' | 'schedules'> {
  const rules: RuleModel[] = [];
  const schedules: ScheduleModel[] = [];
  for (const { stack, logicalId, name, arn, properties } of resources.of('AWS::Events::Rule')) {
    const where = `AWS::Events::Rule ${stack.name}/${logicalId}`;
    const targets = properties.Targets.map((target) => readTarget(target, functions, where, report));
    if (properties.EventPattern) {
      for (const problem of findPatternProblems(properties.EventPattern)) report(`${where} EventPattern${problem}`);
      if (properties.State === 'ENABLED')
        rules.push({ name, pattern: properties.EventPattern as EventPattern, targets });
    }
    if (properties.ScheduleExpression) {
      const expression = properties.ScheduleExpression;
      const schedule = { name, arn, expression, state: properties.State, timeZone: 'UTC', targets };
      addSchedule({ ...schedule, ofScheduler: false, beginsAtOnce: false }, where, schedules, report);
    }
  }
  for (const { stack, logicalId, name, arn, properties } of resources.of('AWS::Scheduler::Schedule')) {
    const where = `AWS::Scheduler::Schedule ${stack.name}/${logicalId}`;
    const targets = [readTarget(properties.Target, functions, where, report)];
    const { ScheduleExpression: expression, ScheduleExpressionTimezone: timeZone, State: state } = properties;
    const beginsAtOnce = parseSchedule(expression)?.kind === 'rate';
    const schedule = { name, arn, expression, state, timeZone, targets };
    addSchedule({ ...schedule, ofScheduler: true, beginsAtOnce }, where, schedules, report);
  }
  return { rules, schedules };
}

function addSchedule(schedule: ScheduleModel, where: string, schedules: ScheduleModel[], report: Report): void {
  if (!parseSchedule(schedule.expression))
    report(`${where} ScheduleExpression: ${schedule.expression} is not supported`);
  else schedules.push(schedule);
}

function readTarget(
  target: { readonly Arn: string; readonly Input?: string | undefined },
  functions: readonly FunctionModel[],
  where: string,
  report: Report,
): Target {
  if (!functions.some((fn) => fn.arn === target.Arn))
    report(`${where} Target ${target.Arn}: only functions can be targets`);
  return { functionArn: target.Arn, input: target.Input === undefined ? undefined : JSON.parse(target.Input) };
}
