import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { MessagesAnswer, SendMessages } from '../destinations/ports.ts';
import { callFailure } from './call-failure.ts';
import { forbidden } from './http/address-policy.ts';
import { sqsClient } from './sqs.ts';

/** The SQS destination's way out, to the queues that the deployment lists. */
export function sendMessages(writeQueues: readonly string[], client: SQSClient = sqsClient()): SendMessages {
  return async ({ queueUrl, groupId, messages, signal }) => {
    if (!writeQueues.includes(queueUrl))
      throw forbidden(`${queueUrl} is not a queue that may be written to (setting writeQueues)`);
    const isFifo = queueUrl.endsWith('.fifo');
    const entries = messages.map(({ id, body }, index) => ({
      Id: String(index),
      MessageBody: body,
      ...(isFifo && { MessageGroupId: groupId, MessageDeduplicationId: id }),
    }));
    try {
      const { Successful = [], Failed = [] } = await client.send(
        new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries }),
        { abortSignal: signal },
      );
      const taken = new Set(Successful.map(({ Id }) => Id));
      const failures = entries
        .filter(({ Id }) => !taken.has(Id))
        .map(({ Id }) =>
          failureOf(
            Number(Id),
            Failed.find((failed) => failed.Id === Id),
          ),
        );
      return { failures };
    } catch (error) {
      if (signal.aborted) return { failures: [{ index: 'all', reason: 'no answer in time', mendable: true }] };
      return { failures: [{ index: 'all', ...callFailure(error) }] };
    }
  };
}

/** Throttled by a key of KMS, a message counts as the sender's fault, and may be taken all the same the next time. */
function failureOf(
  index: number,
  failed: { Code?: string | undefined; SenderFault?: boolean | undefined } | undefined,
): MessagesAnswer['failures'][number] {
  const reason = failed?.Code ?? 'no word of a message';
  return { index, reason, mendable: failed?.SenderFault !== true || /throttl/i.test(reason) };
}
