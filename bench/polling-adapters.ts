import type { Adapter } from '../lambdas/domain/feeds/adapter.ts';

const FEEDS = 10_000;

/** A registry for a deployment that polls ten thousand feeds, each of one part in which nothing is new. */
export const adapters: readonly Adapter[] = Array.from({ length: FEEDS }, (_, index) => adapter(`bench-${index}`));

function adapter(id: string): Adapter {
  return {
    id,
    jurisdiction: 'US',
    feedType: 'bench',
    intervalSeconds: 300,
    deadlineSeconds: 10,
    maxFeedAgeSeconds: 3600,
    mayBeEmpty: true,
    needsSecret: false,
    parts: () => [{ id: 'all', url: `https://bench.test/${id}`, maxBytes: 10_000 }],
    parse: () => ({ publishedAt: null, records: [] }),
  };
}
