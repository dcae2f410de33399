import type { Heartbeat } from '../../domain/feeds/dispatch-polls.ts';
import type { FeedHealth } from '../../domain/feeds/feed-health.ts';
import type { CompletedCycles, FeedHealths } from '../../domain/feeds/feed-store.ts';
import { feedHealths } from './feed-healths.ts';
import { instants } from './instants.ts';

/** All that is stored about a feed, as `feedVerdict` takes it; either may be missing. */
export type StoredFeed = { readonly health: FeedHealth | null; readonly completedCycle: number | null };

export type FeedStore = {
  readonly healths: FeedHealths;
  readonly cycles: CompletedCycles;
  readonly heartbeat: Heartbeat;
  /** Of one feed, and of all, by adapter id, those that are no longer registered included. Nothing is written. */
  stored(adapterId: string): Promise<StoredFeed>;
  storedOfAll(): Promise<ReadonlyMap<string, StoredFeed>>;
};

/** The only item of its part. */
const DISPATCHER = 'dispatcher';

/** The feeds table: `part` (`health`, `cycle`, `dispatcher`), `adapter_id`. */
export function feedStore(table: string): FeedStore {
  const healths = feedHealths(table);
  const cycles = instants(table, 'cycle');
  const dispatcher = instants(table, DISPATCHER);
  return {
    healths,
    cycles,
    heartbeat: {
      load: () => dispatcher.get(DISPATCHER),
      record: (coveredUntil) => dispatcher.record(DISPATCHER, coveredUntil),
    },

    async stored(adapterId) {
      const [health, completedCycle] = await Promise.all([healths.get(adapterId), cycles.get(adapterId)]);
      return { health, completedCycle };
    },

    async storedOfAll() {
      const [all, completed] = await Promise.all([healths.all(), cycles.all()]);
      const byId = new Map(all.map((health) => [health.adapterId, health]));
      const ids = new Set([...byId.keys(), ...completed.keys()]);
      return new Map(
        [...ids].map((id) => [id, { health: byId.get(id) ?? null, completedCycle: completed.get(id) ?? null }]),
      );
    },
  };
}
