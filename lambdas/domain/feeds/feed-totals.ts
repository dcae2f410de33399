import type { FeedHealth } from './feed-health.ts';

/** What all feeds come to, those that are no longer registered included. */
export type FeedTotals = {
  /** When it was added up, milliseconds since the epoch. */
  readonly at: number;
  /** Feeds that have been polled. */
  readonly feeds: number;
  /** Records that they had when they were last read well. */
  readonly records: number;
  readonly completedPolls: number;
  readonly failedPolls: number;
  /** Of what is stored of their health, as JSON: a poll's message holds as much of its feed. */
  readonly healthBytes: number;
};

/** They are added up every minute: two may go missing. */
const CURRENT_MS = 3 * 60_000;

export function totalsOf(healths: readonly FeedHealth[], at: number): FeedTotals {
  const sum = (of: (health: FeedHealth) => number) => healths.reduce((total, health) => total + of(health), 0);
  return {
    at,
    feeds: healths.length,
    records: sum(({ recordCount }) => recordCount),
    completedPolls: sum(({ completedPolls }) => completedPolls),
    failedPolls: sum(({ failedPolls }) => failedPolls),
    healthBytes: sum((health) => JSON.stringify(health).length),
  };
}

/** Whether they may be shown as what is (O-8). */
export function areCurrent({ at }: FeedTotals, now: number): boolean {
  return now < at + CURRENT_MS;
}
