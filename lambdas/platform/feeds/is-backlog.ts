import type { SQSEvent } from 'aws-lambda';

/**
 * A message is delayed until the next tick at most, or, if it makes up for a poll that was missed, by the longest deadline
 * there is (lib/polling/adapter-registry.ts); then it waits for its turn.
 */
const LONGEST_DELAY_MS = 135_000;
const LONGEST_WAIT_MS = 60_000;

/** Whether a message of the batch has waited too long for its first turn; later ones follow on failures. */
export function isBacklog({ Records }: SQSEvent): boolean {
  return Records.some(({ attributes: { SentTimestamp, ApproximateFirstReceiveTimestamp } }) => {
    return Number(ApproximateFirstReceiveTimestamp) - Number(SentTimestamp) > LONGEST_DELAY_MS + LONGEST_WAIT_MS;
  });
}
