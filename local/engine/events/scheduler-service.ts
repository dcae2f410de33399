import type { HttpRequest, HttpResponse } from '../http-service.ts';
import type { ScheduleModel } from '../template/model.ts';

const SCHEDULE = /^\/schedules\/([^/]+)$/;
/** Schedules of templates are in the group that needs no name. */
const GROUP = 'default';

/** The one call of EventBridge Scheduler that is simulated: GetSchedule. */
export function schedulerService(
  find: (name: string) => ScheduleModel | undefined,
): (request: HttpRequest) => HttpResponse {
  return ({ method, target }) => {
    const { pathname, searchParams } = new URL(target, 'http://local');
    const name = SCHEDULE.exec(pathname)?.[1];
    if (method !== 'GET' || name === undefined)
      return problem(400, 'ValidationException', `${method} ${pathname} is not simulated`);
    const schedule = (searchParams.get('groupName') ?? GROUP) === GROUP ? find(decodeURIComponent(name)) : undefined;
    if (!schedule) return problem(404, 'ResourceNotFoundException', `Schedule ${name} does not exist.`);
    return json(200, described(schedule));
  };
}

function described({ name, arn, state, expression, timeZone, targets }: ScheduleModel): object {
  const [target] = targets;
  return {
    Name: name,
    Arn: arn,
    GroupName: GROUP,
    State: state,
    ScheduleExpression: expression,
    ScheduleExpressionTimezone: timeZone,
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: {
      Arn: target?.functionArn,
      RoleArn: 'arn:aws:iam::000000000000:role/local',
      ...(target?.input !== undefined && { Input: JSON.stringify(target.input) }),
    },
  };
}

function problem(status: number, type: string, message: string): HttpResponse {
  return json(status, { Message: message }, { 'x-amzn-errortype': type });
}

function json(status: number, body: object, headers: Readonly<Record<string, string>> = {}): HttpResponse {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}
