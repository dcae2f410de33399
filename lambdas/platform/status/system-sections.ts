import type { EnvironmentOf } from '../../contracts/environments.ts';
import { areCurrent, type FeedTotals } from '../../domain/feeds/feed-totals.ts';
import { sectionCollection } from '../../domain/status/collect-sections.ts';
import type { RunCounts, SystemSections } from '../../domain/status/system-sections.ts';
import { dispatcherItem } from '../feeds/dispatcher-item.ts';
import { logger } from '../logger.ts';
import { systemClock } from '../system-clock.ts';
import { runStates } from '../wrappers/run-states.ts';
import { settledRunItems } from '../wrappers/settled-runs.ts';
import { heartbeats } from './heartbeats.ts';
import { queueDepth } from './queue-depth.ts';
import { redeliveries } from './redeliveries.ts';
import { storedBytes } from './stored-bytes.ts';
import { feedsContent, keysContent, recordsContent, wrappersContent } from './table-contents.ts';

/** What there is to tell besides the components; why something could not be collected is logged. */
export function systemSections(env: EnvironmentOf<'getSystemStatus'>): () => Promise<Partial<SystemSections>> {
  const totals = () => currentTotals(env.FEEDS_TABLE);
  const beats = heartbeats(env.HEARTBEATS_TABLE);
  const again = redeliveries(env.HEARTBEATS_TABLE, systemClock.now);
  return sectionCollection<SystemSections>(
    {
      async queues(signal) {
        const urls = [env.POLL_QUEUE_URL, env.POLL_DEAD_LETTERS_URL] as const;
        const [polls, deadLetters] = await Promise.all([queueDepth(urls[0], signal), queueDepth(urls[1], signal)]);
        return { polls, deadLetters };
      },
      redelivered: again.count,
      runs: () => runCounts(env.WRAPPERS_TABLE),
      feeds: totals,
      async tables(signal) {
        const feeds = await totals();
        return Promise.all([
          wrappersContent(env.WRAPPERS_TABLE, signal),
          feedsContent(feeds),
          recordsContent(env.RECORDS_TABLE, feeds, signal),
          keysContent(env.KEYS_TABLE, signal),
        ]);
      },
      uploadBytes: (signal) => storedBytes(env.FILES_BUCKET, signal),
      beats: beats.all,
    },
    {
      clock: systemClock,
      onFailure: (section, error) => logger.warn('section left out', { section, reason: String(error) }),
    },
  );
}

async function runCounts(table: string): Promise<RunCounts> {
  const countUnfinished = async () => {
    let count = 0;
    for await (const _ of runStates(table).unfinished()) count += 1;
    return count;
  };
  const [settled, unfinished] = await Promise.all([settledRunItems(table).sum(), countUnfinished()]);
  return { ...settled, unfinished };
}

/** @throws Error while the dispatcher does not add them up: what was is not shown as what is. */
async function currentTotals(table: string): Promise<FeedTotals> {
  const totals = await dispatcherItem(table).totals();
  if (totals === null || !areCurrent(totals, systemClock.now())) throw new Error('the totals of feeds are out of date');
  return totals;
}
