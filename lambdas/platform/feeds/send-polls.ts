import { SendMessageBatchCommand, type SendMessageBatchRequestEntry, type SQSClient } from '@aws-sdk/client-sqs';
import type { PollJob } from '../../contracts/messages.ts';
import type { PlannedPoll } from '../../domain/feeds/plan-tick.ts';
import { mapConcurrently } from '../../domain/map-concurrently.ts';
import { callFailure } from '../call-failure.ts';
import { logger } from '../logger.ts';
import { sqsClient } from '../sqs.ts';

/** The most that one call takes. */
const BATCH = 10;
const CALLS_AT_ONCE = 8;
const ATTEMPTS = 3;

/** Puts polls into the queue; answers how many of them it would not take. */
export function sendPolls(
  queueUrl: string,
  client: SQSClient = sqsClient(),
): (polls: readonly PlannedPoll[]) => Promise<number> {
  return async (polls) => {
    let left = polls.map(entryOf);
    for (let attempt = 0; attempt < ATTEMPTS && left.length > 0; attempt += 1) {
      const refused = await mapConcurrently(batchesOf(left), CALLS_AT_ONCE, (batch) => send(client, queueUrl, batch));
      left = refused.flat();
    }
    return left.length;
  };
}

function entryOf({ adapterId, due, health, delaySeconds }: PlannedPoll, index: number): SendMessageBatchRequestEntry {
  const job: PollJob = { adapter_id: adapterId, due, health };
  return { Id: String(index), MessageBody: JSON.stringify(job), DelaySeconds: delaySeconds };
}

function batchesOf<Item>(items: readonly Item[]): Item[][] {
  return Array.from({ length: Math.ceil(items.length / BATCH) }, (_, index) =>
    items.slice(index * BATCH, (index + 1) * BATCH),
  );
}

/** Answers the entries that were not taken: none is lost without a word. */
async function send(
  client: SQSClient,
  queueUrl: string,
  entries: SendMessageBatchRequestEntry[],
): Promise<SendMessageBatchRequestEntry[]> {
  try {
    const command = new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries });
    const { Successful = [], Failed = [] } = await client.send(command);
    if (Failed.length > 0) logger.warn('polls refused', { count: Failed.length, reason: Failed[0]?.Code ?? 'unknown' });
    const taken = new Set(Successful.map(({ Id }) => Id));
    return entries.filter(({ Id }) => !taken.has(Id));
  } catch (error) {
    logger.warn('polls not sent', { count: entries.length, reason: callFailure(error).reason });
    return entries;
  }
}
