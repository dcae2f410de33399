import { Duration } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { ServiceFunction } from './service-function.ts';

export type EveryMinuteProps = {
  readonly calls: ServiceFunction;
  /** One sentence for the console: what it is called for. */
  readonly purpose: string;
  readonly deadLetters: Queue;
};

/** Calls a function once a minute, with an empty object. A call is soon out of date, and the next one makes up for it. */
export class EveryMinute extends Construct {
  readonly schedule: Schedule;

  constructor(scope: Construct, id: string, { calls, purpose, deadLetters }: EveryMinuteProps) {
    super(scope, id);
    const statements = [
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [calls.function.functionArn] }),
      new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetters.queueArn] }),
    ];
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com'),
      description: `Of the schedule: ${purpose}`,
      inlinePolicies: { target: new PolicyDocument({ statements }) },
    });
    this.schedule = new Schedule(this, 'Schedule', {
      description: purpose,
      schedule: ScheduleExpression.rate(Duration.minutes(1)),
      target: new LambdaInvoke(calls.function, {
        input: ScheduleTargetInput.fromObject({}),
        role: role.withoutPolicyUpdates(),
        deadLetterQueue: deadLetters,
        retryAttempts: 1,
        maxEventAge: Duration.minutes(1),
      }),
    });
  }
}
