import type { Adapter } from '../../../lambdas/domain/feeds/adapter.ts';
import type { PollDeps } from '../../../lambdas/domain/feeds/poll-feed.ts';
import { pollFeed } from '../../../lambdas/domain/feeds/poll-feed.ts';
import type { DuePoll, PollReport } from '../../../lambdas/domain/feeds/settle-poll.ts';
import { type ManualClock, manualClock } from '../manual-clock.ts';
import type { Wire } from '../wire.ts';
import { type MemoryFeedStore, memoryFeedStore } from './memory-feed-store.ts';
import { testAdapter } from './test-adapter.ts';
import { type TestUpstream, testUpstream } from './test-upstream.ts';

export type FeedWorld = {
  readonly adapter: Adapter;
  readonly store: MemoryFeedStore;
  readonly upstream: TestUpstream;
  readonly clock: ManualClock;
  /** Names of all calls that polls have made. */
  readonly calls: string[];
  /** What adapters threw that they should not have. */
  readonly bugs: unknown[];
  deps(wire?: Wire): PollDeps;
  /** Polls at this instant, as the dispatcher would have it polled; `sent` is what it said of the feed. */
  poll(due?: number, sent?: Partial<DuePoll>, wire?: Wire): Promise<PollReport>;
};

/** One feed and everything around it, on a virtual clock. */
export function feedWorld(adapter: Adapter = testAdapter()): FeedWorld {
  const store = memoryFeedStore();
  const upstream = testUpstream({ all: { records: { a: 'A', b: 'B' } } });
  const clock = manualClock();
  const calls: string[] = [];
  const bugs: unknown[] = [];
  const noted: Wire = async (name, call) => {
    calls.push(name);
    return call();
  };
  const deps = (wire: Wire = noted): PollDeps => ({
    ...store.over(wire),
    fetch: upstream.over(wire),
    secret: async () => 'key',
    clock,
    onBug: (error) => void bugs.push(error),
  });
  return {
    adapter,
    store,
    upstream,
    clock,
    calls,
    bugs,
    deps,
    async poll(due = clock.now(), sent = {}, wire = noted) {
      const poll = { due, health: store.health(adapter.id), redelivered: false, ...sent };
      return clock.run(pollFeed(poll, adapter, deps(wire)));
    },
  };
}
