import { describe, expect, test } from '@jest/globals';
import { RetryableError } from '../../../lambdas/domain/errors.ts';
import { dispatchPolls } from '../../../lambdas/domain/feeds/dispatch-polls.ts';
import { areCurrent, type FeedTotals } from '../../../lambdas/domain/feeds/feed-totals.ts';
import type { PlannedPoll } from '../../../lambdas/domain/feeds/plan-tick.ts';
import { memoryFeedStore } from '../../support/feeds/memory-feed-store.ts';
import { testAdapter } from '../../support/feeds/test-adapter.ts';
import { testHealth } from '../../support/feeds/test-health.ts';
import { MORNING } from '../../support/manual-clock.ts';

const MINUTE = 60_000;
const adapters = ['one', 'two', 'three'].map((id) => testAdapter({ id, intervalSeconds: 60, deadlineSeconds: 40 }));

function dispatcher() {
  const store = memoryFeedStore();
  const sent: PlannedPoll[] = [];
  let covered: number | null = null;
  const added: FeedTotals[] = [];
  const world = {
    store,
    sent,
    unsent: 0,
    covered: () => covered,
    totals: () => added.at(-1),
    tick: (now: number) =>
      dispatchPolls({
        adapters,
        healths: store.healths,
        cycles: store.cycles,
        heartbeat: {
          load: async () => covered,
          record: async (until, totals) => {
            added.push(totals);
            covered = Math.max(until, covered ?? 0);
          },
        },
        send: async (polls) => {
          sent.push(...polls.slice(world.unsent));
          return Math.min(world.unsent, polls.length);
        },
        now: () => now,
      }),
  };
  return world;
}

const identities = (polls: readonly PlannedPoll[]) => polls.map(({ adapterId, due }) => `${adapterId}@${due}`);

describe('a tick', () => {
  test('sends what is due until the next one, and then says so', async () => {
    const { tick, sent, covered } = dispatcher();
    expect(await tick(MORNING)).toMatchObject({ sent: 3 });
    expect(covered()).toBe(MORNING + MINUTE);
    expect(await tick(MORNING + MINUTE)).toMatchObject({ sent: 3 });
    expect(new Set(identities(sent)).size).toBe(6);
  });

  test('that comes twice sends nothing the second time', async () => {
    const { tick } = dispatcher();
    await tick(MORNING);
    expect(await tick(MORNING)).toMatchObject({ sent: 0 });
  });

  test('that could not send all is made up for by the next, under the same identities', async () => {
    const world = dispatcher();
    await world.tick(MORNING);
    const before = identities(world.sent).length;
    world.unsent = 1;
    await expect(world.tick(MORNING + MINUTE)).rejects.toThrow(RetryableError);
    expect(world.covered()).toBe(MORNING + MINUTE);
    const half = identities(world.sent).slice(before);
    world.unsent = 0;
    await world.tick(MORNING + MINUTE + 1000);
    const again = identities(world.sent).slice(before + half.length);
    expect(again).toHaveLength(3);
    expect(again).toEqual(expect.arrayContaining(half));
  });

  test('sees what has become of the feeds, also when nobody asks', async () => {
    const { tick, store } = dispatcher();
    store.place('one', testHealth({ adapterId: 'one', cycle: MORNING, lastSuccess: MORNING }));
    store.place('two', testHealth({ adapterId: 'two', cycle: MORNING, lastSuccess: MORNING - 5 * MINUTE }));
    await store.cycles.record('three', MORNING);
    const { statuses, oldestFeedSeconds } = await tick(MORNING + MINUTE);
    expect(statuses).toEqual({ healthy: 1, degraded: 0, stale: 1, down: 0, initializing: 0, unknown: 1 });
    expect(oldestFeedSeconds).toBe(120);
  });
});

test('O-5: a tick adds up what is known of all feeds, those that are no longer registered included', async () => {
  const { tick, store, totals } = dispatcher();
  store.place('one', testHealth({ adapterId: 'one', completedPolls: 10, failedPolls: 1, recordCount: 7 }));
  store.place('gone', testHealth({ adapterId: 'gone', completedPolls: 100, failedPolls: 0, recordCount: 5 }));
  await tick(MORNING);
  expect(totals()).toMatchObject({ at: MORNING, feeds: 2, records: 12, completedPolls: 110, failedPolls: 1 });
});

test('O-8: what was added up three minutes ago is not what is', () => {
  const totals = { at: MORNING, feeds: 0, records: 0, completedPolls: 0, failedPolls: 0, healthBytes: 0 };
  expect([areCurrent(totals, MORNING + 179_999), areCurrent(totals, MORNING + 180_000)]).toEqual([true, false]);
});
