import * as z from 'zod';
import type { FeedHealth } from '../domain/feeds/feed-health.ts';

/**
 * What the dispatcher puts into the poll queue, one message for each adapter that is due. It carries what is known of
 * the adapter, so that a poll that finds nothing new reads nothing from the store.
 */
export const PollJob = z.object({
  adapter_id: z.string(),
  /**
   * When the poll is due, milliseconds since the epoch: its identity, and the instant that counts as its cycle. A feed is
   * not polled again for what is earlier: one far ahead would be its last poll.
   */
  due: z.number().int().min(Date.UTC(2020, 0)),
  /** As the dispatcher saw it, null if there was none. It is ours, and checked by its revision when it is replaced. */
  health: z.custom<FeedHealth | null>((value) => value === null || typeof value === 'object'),
});

export type PollJob = z.output<typeof PollJob>;
