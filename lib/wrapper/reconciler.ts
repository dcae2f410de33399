import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { DeadLetterQueue } from '../constructs/dead-letter-queue.ts';
import { EveryMinute } from '../constructs/every-minute.ts';
import type { ServiceFunction } from '../constructs/service-function.ts';
import type { ServiceContext } from '../service-context.ts';

/**
 * Calls `reconcileRuns` every minute, and at once when an execution has ended badly. Events are best effort, so the
 * minute is the promise and the event only makes it shorter; a call that is lost is made up for by the next.
 */
export class Reconciler extends Construct {
  readonly tick: EveryMinute;
  readonly missed: DeadLetterQueue;

  constructor(scope: Construct, id: string, context: ServiceContext, reconcileRuns: ServiceFunction) {
    super(scope, id);
    const deadLetters = new DeadLetterQueue(this, 'DeadLetters');
    this.missed = deadLetters;
    const purpose = 'Finds runs that died or never began';
    this.tick = new EveryMinute(this, 'Tick', { calls: reconcileRuns, purpose, deadLetters });
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
}
