import { GetQueueAttributesCommand, type QueueAttributeName } from '@aws-sdk/client-sqs';
import type { QueueDepth } from '../../domain/status/system-sections.ts';
import { sqs } from './clients.ts';

const visible = 'ApproximateNumberOfMessages';
const delayed = 'ApproximateNumberOfMessagesDelayed';
const taken = 'ApproximateNumberOfMessagesNotVisible';
const names: QueueAttributeName[] = [visible, delayed, taken];

/** @throws what SQS answers, also when it leaves one of the numbers out */
export async function queueDepth(queueUrl: string, abortSignal: AbortSignal): Promise<QueueDepth> {
  const get = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: names });
  const { Attributes = {} } = await sqs.send(get, { abortSignal });
  const count = (name: QueueAttributeName): number => {
    const number = Number(Attributes[name]);
    if (!Number.isInteger(number)) throw new Error(`a queue without ${name}`);
    return number;
  };
  return { waiting: count(visible) + count(delayed), inFlight: count(taken) };
}
