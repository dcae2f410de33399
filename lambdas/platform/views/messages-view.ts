import type { FeedTotals } from '../../domain/feeds/feed-totals.ts';
import type { PollQueues, QueueDepth } from '../../domain/status/system-sections.ts';

/** SQS has had one version since its beginning. */
const API_VERSION = '2012-11-05';

/** What carries the messages: its endpoint, as the queues' addresses begin. */
export function backboneView(queueUrl: string) {
  return { url: new URL(queueUrl).origin, version: API_VERSION };
}

/** Of a message, besides the health of its feed. */
const ENVELOPE_BYTES = 80;

/** A queue tells how many messages it holds and not how large they are: each counts as the mean of what is sent. */
export function streamsView({ polls, deadLetters }: PollQueues, { feeds, healthBytes }: FeedTotals) {
  const meanBytes = ENVELOPE_BYTES + healthBytes / Math.max(1, feeds);
  const stream = (name: string, depth: QueueDepth, consumers: number) => {
    const messages = messagesIn(depth);
    return { name, messages, bytes: Math.round(messages * meanBytes), consumers };
  };
  return [stream('polls', polls, 1), stream('poll-dead-letters', deadLetters, 0)];
}

/** Of all streams: one function takes polls, and dead letters wait for somebody to look. */
export function consumersView({ polls }: PollQueues, redelivered: number) {
  const consumer = {
    name: 'poll-feeds',
    pending: polls.waiting,
    ack_pending: polls.inFlight,
    // What is counted here and what the queue counts are not of the same instant.
    redelivered: Math.min(redelivered, polls.inFlight),
  };
  return { total: 1, consumers: [consumer] };
}

export function messagesIn({ waiting, inFlight }: QueueDepth): number {
  return waiting + inFlight;
}
