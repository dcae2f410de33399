import { describe, expect, test } from '@jest/globals';
import { RetryableError } from '../../../lambdas/domain/errors.ts';
import { hasAnswered } from '../../../lambdas/domain/feeds/apply-poll.ts';
import { type FeedWorld, feedWorld } from '../../support/feeds/feed-world.ts';
import type { TestFeed } from '../../support/feeds/test-adapter.ts';
import { MORNING } from '../../support/manual-clock.ts';
import { faults, faultyWire, type Wire } from '../../support/wire.ts';

/*
 * Every call that a poll makes, failing in every way, one at a time: exhaustive, not sampled. The poll after it must
 * leave health as it should be, and nothing may be counted twice, also when the failed poll is delivered again later.
 */
const INTERVAL = 300_000;
const REDELIVERED_AFTER = 900_000;
const kinds = [...faults, 'delay'] as const;
type Fault = { readonly index: number; readonly kind: (typeof kinds)[number] };

const one: TestFeed = { records: { a: '1', b: '1', c: '1', d: '1' } };
const two: TestFeed = { records: { a: '2', b: '2', c: '2', e: '2' } };
const three: TestFeed = { records: { a: '3', b: '2', f: '3' } };
const scenarios = {
  'that finds changes': [two, two],
  'that finds changes which are taken back': [two, one],
  'followed by more changes': [two, three],
};

describe.each(Object.entries(scenarios))('a poll %s', (_name, [second, third]) => {
  test.each(kinds)('survives %s at every single call', async (kind) => {
    const { calls } = await play(second as TestFeed, third as TestFeed, null);
    expect(calls).toContain('records.close');
    const problems: string[] = [];
    for (let index = 0; index < calls.length; index += 1) {
      const played = await play(second as TestFeed, third as TestFeed, { index, kind });
      problems.push(...played.problems.map((problem) => `call ${index} (${calls[index]}): ${problem}`));
    }
    expect(problems).toEqual([]);
  });
});

describe('a poll of an upstream that fails', () => {
  test.each(kinds)('counts at most once with %s at every single call', async (kind) => {
    const failures: number[] = [];
    for (const index of [0, 1, 2]) {
      const world = feedWorld();
      world.upstream.published.set('all', Buffer.from('<html>'));
      await faulty(world, MORNING, { index, kind });
      await until(world, MORNING + REDELIVERED_AFTER);
      await world.poll(MORNING, { health: null, redelivered: true });
      await world.poll(MORNING, { health: null, redelivered: true });
      const { consecutiveFailures, failedPolls } = world.store.health() ?? {};
      failures.push(Number(consecutiveFailures), Number(failedPolls));
    }
    expect(failures).toEqual([1, 1, 1, 1, 1, 1]);
  });
});

async function play(
  second: TestFeed,
  third: TestFeed,
  fault: Fault | null,
): Promise<{ readonly calls: readonly string[]; readonly problems: readonly string[] }> {
  const world = feedWorld();
  const { upstream, poll, store } = world;
  const problems: string[] = [];
  const [due, next] = [MORNING + INTERVAL, MORNING + 2 * INTERVAL];
  upstream.published.set('all', one);
  await poll(MORNING);
  await until(world, due);
  const sent = store.health();
  upstream.published.set('all', second);
  const calls = await faulty(world, due, fault);

  await until(world, next);
  upstream.published.set('all', third);
  await poll(next);
  problems.push(...healthProblems(world, next));

  await until(world, due + REDELIVERED_AFTER);
  await poll(due, { health: sent, redelivered: true });
  problems.push(...healthProblems(world, next));
  const last = due + REDELIVERED_AFTER + INTERVAL;
  await until(world, last);
  await poll(last);
  problems.push(...healthProblems(world, last), ...recordProblems(world, third));
  return { calls, problems };
}

/** Polls over a wire on which one call fails; answers the calls made. */
async function faulty(world: FeedWorld, due: number, fault: Fault | null): Promise<readonly string[]> {
  const calls: string[] = [];
  const failing = fault === null || fault.kind === 'delay' ? null : { index: fault.index, kind: fault.kind };
  const wire = faultyWire(calls, failing, () => new RetryableError('out of reach'));
  const slow: Wire = async (name, call) => {
    if (fault?.kind === 'delay' && calls.length === fault.index) await world.clock.sleep(90_000);
    return wire(name, call);
  };
  // Who died says nothing: the queue waits for its time-out.
  const timeout = world.clock.sleep(150_000);
  await world.clock.run(
    Promise.race([world.poll(due, {}, slow), timeout]).catch((error: unknown) => {
      if (!(error instanceof RetryableError)) throw error;
    }),
  );
  return calls;
}

async function until({ clock }: FeedWorld, instant: number): Promise<void> {
  await clock.advance(instant - clock.now());
}

function healthProblems({ store }: FeedWorld, due: number): string[] {
  const { cycle, lastSuccess, consecutiveFailures, outcome } = store.health() ?? {};
  const found = JSON.stringify({ cycle, lastSuccess, consecutiveFailures, outcome });
  const right = JSON.stringify({ cycle: due, lastSuccess: due, consecutiveFailures: 0, outcome: 'success' });
  const counted = store.written.filter((health, index) => health.cycle !== store.written[index - 1]?.cycle);
  const twice = new Set(counted.map((health) => health.cycle)).size < counted.length;
  const { completedPolls, failedPolls } = store.health() ?? {};
  const completed = counted.filter((health) => hasAnswered(health.outcome)).length;
  const miscounted = completedPolls !== completed || failedPolls !== counted.length - completed;
  return [
    ...(found === right ? [] : [`health is ${found}`]),
    ...(twice ? ['a poll was counted twice'] : []),
    ...(miscounted
      ? [`O-5: ${completedPolls} and ${failedPolls} counted, ${completed} of ${counted.length} completed`]
      : []),
  ];
}

function recordProblems({ store }: FeedWorld, { records }: TestFeed): string[] {
  const open = [...store.kept.values()].filter(({ status }) => status !== 'closed');
  const found = JSON.stringify(
    Object.fromEntries(open.map(({ recordId, title }) => [recordId, title] as const).sort()),
  );
  return found === JSON.stringify(records) ? [] : [`records are ${found}`];
}
