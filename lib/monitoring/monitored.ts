import type { Stage } from 'aws-cdk-lib/aws-apigateway';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';

/** The parts of the service that AWS itself measures. */
export type Monitored = {
  readonly api: Stage;
  readonly machine: StateMachine;
  readonly polls: { readonly queue: Queue; readonly deadLetters: Queue };
  readonly missedTicks: Queue;
  readonly missedReconciliations: Queue;
};
