import type { FeedHealth } from '../../domain/feeds/feed-health.ts';
import type { CompletedCycles, FeedHealths } from '../../domain/feeds/feed-store.ts';
import { type DispatcherItem, dispatcherItem } from './dispatcher-item.ts';
import { feedHealths } from './feed-healths.ts';
import { instants } from './instants.ts';

/** All that is stored about a feed, as `feedVerdict` takes it; either may be missing. */
export type StoredFeed = { readonly health: FeedHealth | null; readonly completedCycle: number | null };

export type FeedStore = {
  readonly healths: FeedHealths;
  readonly cycles: CompletedCycles;
  readonly heartbeat: DispatcherItem;
  /** Of one feed, and of all, by adapter id, those that are no longer registered included. Nothing is written. */
  stored(adapterId: string): Promise<StoredFeed>;
  storedOfAll(): Promise<ReadonlyMap<string, StoredFeed>>;
};

/** The feeds table: `part` (`health`, `cycle`, `dispatcher`), `adapter_id`. */
export function feedStore(table: string): FeedStore {
  const healths = feedHealths(table);
  const cycles = instants(table, 'cycle');
  return {
    healths,
    cycles,
    heartbeat: dispatcherItem(table),

    async stored(adapterId) {
      // In this order: of a first poll that is being written meanwhile, health is there before its cycle is.
      const completedCycle = await cycles.get(adapterId);
      return { health: await healths.get(adapterId), completedCycle };
    },

    async storedOfAll() {
      const completed = await cycles.all();
      const byId = new Map((await healths.all()).map((health) => [health.adapterId, health]));
      const ids = new Set([...byId.keys(), ...completed.keys()]);
      return new Map(
        [...ids].map((id) => [id, { health: byId.get(id) ?? null, completedCycle: completed.get(id) ?? null }]),
      );
    },
  };
}
