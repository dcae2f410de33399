import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Condition } from '../../domain/status/heartbeat.ts';
import { sqsClient } from '../sqs.ts';

/** It goes along with work that is not to wait for it. */
const ASKING_MS = 1000;

/** Tells whether messages wait in any of these queues. @throws when none is seen to, and one does not answer */
export function lookForDeadLetters(
  queueUrls: readonly string[],
  client: SQSClient = sqsClient(),
): () => Promise<readonly Condition[]> {
  return async () => {
    const asked = await Promise.allSettled(queueUrls.map((url) => messagesIn(url, client)));
    if (asked.some((answer) => answer.status === 'fulfilled' && answer.value > 0)) return ['DLQNotEmpty'];
    const failure = asked.find((answer) => answer.status === 'rejected');
    if (failure) throw failure.reason;
    return [];
  };
}

async function messagesIn(queueUrl: string, client: SQSClient): Promise<number> {
  const ask = new GetQueueAttributesCommand({
    QueueUrl: queueUrl,
    AttributeNames: ['ApproximateNumberOfMessages'],
  });
  const { Attributes } = await client.send(ask, { abortSignal: AbortSignal.timeout(ASKING_MS) });
  return Number(Attributes?.ApproximateNumberOfMessages ?? 0);
}
