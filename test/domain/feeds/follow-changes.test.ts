import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { FeedRecord } from '../../../lambdas/domain/feeds/feed-record.ts';
import { writeChanges } from '../../../lambdas/domain/feeds/write-changes.ts';
import { memoryFeedStore } from '../../support/feeds/memory-feed-store.ts';
import { testAdapter, testRecord } from '../../support/feeds/test-adapter.ts';
import { type ManualClock, MORNING, manualClock } from '../../support/manual-clock.ts';
import { longestMs, type Wire } from '../../support/wire.ts';

const MINUTE = 60_000;
const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
const adapter = testAdapter();

/** What docs/api.md tells whoever follows changes: from the first page's time on, less a minute. */
const OVERLAP_MS = 60_000;

/** Reads changes in pages of one record, taking its time; notes what it has seen, and answers from when to go on. */
async function follow(
  kept: ReadonlyMap<string, FeedRecord>,
  seen: Map<string, string>,
  { since, pace, clock }: { readonly since: number; readonly pace: number; readonly clock: ManualClock },
): Promise<number> {
  const firstPageAt = Math.floor(clock.now() / 1000) * 1000;
  for (const id of ids) {
    const record = kept.get(id);
    if (record !== undefined && record.updatedAt >= since) seen.set(id, `${record.title} ${record.status}`);
    await clock.sleep(pace);
  }
  return firstPageAt - OVERLAP_MS;
}

test('who follows changes as the documentation says misses none, however slow writes and pages are', async () => {
  const anyTitles = fc.dictionary(fc.constantFrom(...ids), fc.constantFrom('1', '2', '3'), { noNullPrototype: true });
  const delays = fc.array(fc.integer({ min: 0, max: longestMs('records.put') }), { minLength: 1, maxLength: 7 });
  const paces = fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 8, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyTitles, { minLength: 4, maxLength: 4 }),
      delays,
      paces,
      async (feeds, slow, slowly) => {
        const clock = manualClock();
        const store = memoryFeedStore();
        let calls = 0;
        const wire: Wire = async (_name, call) => {
          calls += 1;
          await clock.sleep(slow[calls % slow.length] ?? 0);
          return call();
        };
        const write = async () => {
          for (const [index, titles] of feeds.entries()) {
            const due = MORNING + index * MINUTE;
            await clock.sleep(due - clock.now());
            const records = Object.entries(titles).map(([id, title]) => testRecord(id, title));
            const { signal } = new AbortController();
            const poll = { adapter, due, now: clock.now, signal };
            await writeChanges([{ partId: 'all', records }], poll, store.over(wire).records);
          }
        };
        const seen = new Map<string, string>();
        const read = async () => {
          let since = 0;
          for (const pace of slowly) since = await follow(store.kept, seen, { since, pace, clock });
          await clock.sleep(MORNING + 10 * MINUTE - clock.now());
          await follow(store.kept, seen, { since, pace: 0, clock });
        };
        await clock.run(Promise.all([write(), read()]));
        const present = [...store.kept.values()].map(({ recordId, title, status }) => [recordId, `${title} ${status}`]);
        expect(Object.fromEntries(seen)).toEqual(Object.fromEntries(present));
      },
    ),
    { numRuns: 200 },
  );
});
