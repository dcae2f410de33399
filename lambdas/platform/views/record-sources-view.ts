import type { Adapter } from '../../domain/feeds/adapter.ts';
import { feedVerdict } from '../../domain/feeds/feed-verdict.ts';
import { isoSeconds } from '../api/responses.ts';
import type { StoredFeed } from '../feeds/feed-store.ts';
import { NEVER_POLLED } from './feed-health-view.ts';

/**
 * What a list of records rests on: the feeds that were asked for, and which of them the list can be relied on for.
 * An empty list says that there is nothing only where nothing is missing.
 */
export function recordSourcesView(adapters: readonly Adapter[], stored: ReadonlyMap<string, StoredFeed>, now: number) {
  const sources = adapters.map((adapter) => sourceView(adapter, stored.get(adapter.id) ?? NEVER_POLLED, now));
  const idsOf = (chosen: typeof sources) => chosen.map(({ adapter_id }) => adapter_id);
  return {
    sources,
    query_coverage: {
      requested: idsOf(sources),
      covered: idsOf(sources.filter(({ live_eligible }) => live_eligible)),
      missing: idsOf(sources.filter(({ live_eligible }) => !live_eligible)),
    },
  };
}

/**
 * A feed's records are good for use as long as they and their publication are young enough, though the last poll may
 * have failed, or a part of the feed: health is stricter.
 */
function sourceView(adapter: Adapter, { health, completedCycle }: StoredFeed, now: number) {
  const { status, lastSuccess, publishedAt } = feedVerdict(health, completedCycle, adapter, now);
  const isFresh = status === 'healthy' || status === 'degraded';
  const isUpToDate = publishedAt !== null && now - publishedAt < adapter.maxFeedAgeSeconds * 1000;
  return {
    adapter_id: adapter.id,
    status,
    live_eligible: isFresh && isUpToDate,
    last_successful_fetch: isoSeconds(lastSuccess),
  };
}
