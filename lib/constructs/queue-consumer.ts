import { Duration } from 'aws-cdk-lib';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { mayReceiveMessages } from './permissions.ts';
import type { ServiceFunction } from './service-function.ts';

export type QueueConsumerProps = {
  readonly consumer: ServiceFunction;
  /** Calls at once, 2 to 1000, each with up to ten messages. */
  readonly concurrency: number;
  /** How long messages wait for others to share their call. */
  readonly gatherSeconds: number;
};

/** A failure or two may be the store's, or those of a neighbour in the batch; five are the message's own. */
const MAX_RECEIVES = 5;

/**
 * A queue that a function works off. The function answers which messages of its batch failed; those alone come back,
 * when their time is over, and after five times end in the dead letters.
 */
export class QueueConsumer extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, { consumer, concurrency, gatherSeconds }: QueueConsumerProps) {
    super(scope, id);
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters');
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(4),
      // As Lambda asks for: time to gather, for a call, and for attempts to begin it, before anyone else gets the message.
      visibilityTimeout: Duration.seconds(gatherSeconds + 6 * consumer.timeoutSeconds),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: MAX_RECEIVES },
    });
    mayReceiveMessages(consumer, this.queue);
    new EventSourceMapping(this, 'Mapping', {
      target: consumer.function,
      eventSourceArn: this.queue.queueArn,
      batchSize: 10,
      maxBatchingWindow: Duration.seconds(gatherSeconds),
      reportBatchItemFailures: true,
      maxConcurrency: concurrency,
    });
  }
}
