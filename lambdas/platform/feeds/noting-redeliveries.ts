import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { logger } from '../logger.ts';
import type { Redeliveries } from '../status/redeliveries.ts';

/**
 * Works a batch off, and has those of its messages that came again counted until they are done. There is hardly ever
 * one; a count that fails is logged, and holds up no message.
 */
export async function notingRedeliveries(
  { Records }: SQSEvent,
  { note, done }: Pick<Redeliveries, 'note' | 'done'>,
  work: () => Promise<SQSBatchResponse>,
): Promise<SQSBatchResponse> {
  const again = Records.filter(({ attributes }) => Number(attributes.ApproximateReceiveCount) > 1);
  const noted = eachTried(again, note);
  const answer = await work();
  await noted;
  const failed = new Set(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  await eachTried(
    again.filter(({ messageId }) => !failed.has(messageId)),
    done,
  );
  return answer;
}

async function eachTried(records: SQSEvent['Records'], count: (messageId: string) => Promise<void>): Promise<void> {
  const tried = await Promise.allSettled(records.map(({ messageId }) => count(messageId)));
  const failure = tried.find(({ status }) => status === 'rejected');
  if (failure) logger.warn('redeliveries not counted', { reason: String((failure as PromiseRejectedResult).reason) });
}
