import { BEAT_EVERY_MS, type Condition } from './heartbeat.ts';

/** Long enough for a beat or two of a sandbox that is at work to tell it. */
const RECENT_MS = 3 * BEAT_EVERY_MS;

export type RecentConditions = {
  note(condition: Condition): void;
  /** What was noted in the last three minutes. */
  list(): readonly Condition[];
};

/** Remembers, for a while, conditions that show themselves in an instant. */
export function recentConditions(now: () => number): RecentConditions {
  const noted = new Map<Condition, number>();
  return {
    note: (condition) => void noted.set(condition, now()),
    list: () => [...noted].flatMap(([condition, at]) => (now() < at + RECENT_MS ? condition : [])),
  };
}
