import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { PollJob } from '../../contracts/messages.ts';
import type { Adapter } from '../../domain/feeds/adapter.ts';
import { CLOCKS_DIFFER_MS } from '../../domain/feeds/clocks-differ.ts';
import type { DuePoll, PollReport } from '../../domain/feeds/settle-poll.ts';
import { logger } from '../logger.ts';

export type PollMessagesDeps = {
  readonly adapters: ReadonlyMap<string, Adapter>;
  readonly poll: (poll: DuePoll, adapter: Adapter) => Promise<PollReport>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Told of all polls of the batch that came to an end. */
  readonly measure: (reports: readonly PollReport[]) => void;
};

/**
 * Does the polls of a batch side by side. Those that could not be done are answered, and nobody else is: the queue
 * delivers them again, and sets them aside after some times.
 */
export async function pollMessages({ Records }: SQSEvent, deps: PollMessagesDeps): Promise<SQSBatchResponse> {
  const ends = await Promise.all(Records.map((record) => pollMessage(record, deps)));
  const reports = ends.flatMap((end) => (end === 'failed' || end === 'skipped' ? [] : end));
  if (reports.length > 0) deps.measure(reports);
  const failed = Records.filter((_, index) => ends[index] === 'failed');
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

async function pollMessage(
  { messageId, body, attributes }: SQSRecord,
  { adapters, poll, now }: PollMessagesDeps,
): Promise<PollReport | 'failed' | 'skipped'> {
  try {
    const { adapter_id, due, health } = PollJob.parse(JSON.parse(body));
    // The queue hands it on when it is due, by the dispatcher's clock.
    if (due > now() + CLOCKS_DIFFER_MS) throw new Error(`a poll of ${adapter_id} that is due only at ${due}`);
    const adapter = adapters.get(adapter_id);
    if (adapter === undefined) {
      // Sent before a deployment that no longer has it.
      logger.warn('no such adapter', { adapter_id });
      return 'skipped';
    }
    const report = await poll({ due, health, redelivered: Number(attributes.ApproximateReceiveCount) > 1 }, adapter);
    if (report.code !== null) logger.warn('poll', { adapter_id, due, ...report });
    return report;
  } catch (error) {
    logger.error('poll failed', { message_id: messageId, error: error as Error });
    return 'failed';
  }
}
