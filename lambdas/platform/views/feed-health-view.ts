import type { Adapter } from '../../domain/feeds/adapter.ts';
import { overallStatus } from '../../domain/feeds/feed-verdict.ts';
import type { StoredFeed } from '../feeds/feed-store.ts';
import { adapterHealthView } from './adapter-health-view.ts';

/** Nothing is stored of a feed before its first poll. */
export const NEVER_POLLED: StoredFeed = { health: null, completedCycle: null };

/** The health of all registered feeds, in the order of the registry. */
export function feedHealthView(adapters: readonly Adapter[], stored: ReadonlyMap<string, StoredFeed>, now: number) {
  const shown = adapters.map((adapter) => adapterHealthView(adapter, stored.get(adapter.id) ?? NEVER_POLLED, now));
  return { overall: overallStatus(shown.map(({ status }) => status)), adapters: shown };
}
