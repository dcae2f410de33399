import { Duration, Validations } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { ServiceFunction } from '../constructs/service-function.ts';
import type { ServiceContext } from '../service-context.ts';

/**
 * Calls `reconcileRuns` every minute, and at once when an execution has ended badly. Events are best effort, so the
 * minute is the promise and the event only makes it shorter; a call that is lost is made up for by the next.
 */
export class Reconciler extends Construct {
  constructor(scope: Construct, id: string, context: ServiceContext, reconcileRuns: ServiceFunction) {
    super(scope, id);
    const deadLetters = this.deadLetters();
    this.everyMinute(reconcileRuns, deadLetters);
    new Rule(this, 'ExecutionEnded', {
      description: 'An execution of a run ended other than by itself',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [context.machine.arn], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
      },
      targets: [
        new LambdaFunction(reconcileRuns.function, {
          deadLetterQueue: deadLetters,
          retryAttempts: 2,
          maxEventAge: Duration.minutes(5),
        }),
      ],
    });
  }

  private everyMinute(reconcileRuns: ServiceFunction, deadLetters: Queue): void {
    const role = new Role(this, 'ScheduleRole', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com'),
      description: 'Of the schedule that reconciles runs',
      inlinePolicies: {
        target: new PolicyDocument({
          statements: [
            new PolicyStatement({
              actions: ['lambda:InvokeFunction'],
              resources: [reconcileRuns.function.functionArn],
            }),
            new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetters.queueArn] }),
          ],
        }),
      },
    });
    new Schedule(this, 'EveryMinute', {
      description: 'Finds runs that died or never began',
      schedule: ScheduleExpression.rate(Duration.minutes(1)),
      target: new LambdaInvoke(reconcileRuns.function, {
        input: ScheduleTargetInput.fromObject({}),
        role: role.withoutPolicyUpdates(),
        deadLetterQueue: deadLetters,
        retryAttempts: 1,
        maxEventAge: Duration.minutes(1),
      }),
    });
  }

  private deadLetters(): Queue {
    const queue = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    Validations.of(queue).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason:
        'It is the dead-letter queue of a schedule and a rule, where the check looks only at those of other queues.',
    });
    return queue;
  }
}
