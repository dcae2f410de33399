import { beforeEach, describe, expect, test } from '@jest/globals';
import { ThrottledError } from '../../../lambdas/domain/errors.ts';
import type { MapRecord } from '../../../lambdas/domain/mapping/map-record.ts';
import { begin } from '../../../lambdas/domain/run/control-steps.ts';
import { verdict } from '../../../lambdas/domain/run/health.ts';
import type { Work } from '../../../lambdas/domain/run/run-slice.ts';
import { applyStep } from '../../../lambdas/domain/run/step.ts';
import { stopRun } from '../../../lambdas/domain/run/stop-run.ts';
import { type GrowingSource, growingSource } from '../../support/growing-source.ts';
import { type RunWorld, runWorld, slice, timing, WRAPPER } from '../../support/run-world.ts';

const MINUTE = 60_000;
const LOOKBACK = 10;
const byKey: MapRecord = (fields) => ({ id: `p-${fields.get('key')}`, json: `"${fields.get('key')}"` });

let world: RunWorld;
let source: GrowingSource;
beforeEach(async () => {
  world = runWorld(0, { mode: 'continuous' });
  source = growingSource(LOOKBACK);
  await execute('r-1');
});

async function execute(requestId: string): Promise<void> {
  await applyStep(begin(requestId, 'checkpoint', timing), world.state(), world.control());
}

const open = async (): Promise<Work> => ({
  source,
  destination: world.destination,
  mapRecord: () => byKey,
  batchSize: world.batchSize,
  maxQuarantined: 0,
});
const poll = () => world.clock.run(slice(world, { open }));
const add = (...keys: [key: string, at: number][]) => {
  source.records.push(...keys.map(([key, at]) => ({ key, at })));
};

describe('at the mark', () => {
  test('what comes late within the lookback is sent, and nothing is sent twice', async () => {
    add(['a', 100], ['b', 101], ['c', 102]);
    await poll();
    add(['late', 95], ['same-instant', 102], ['too-late', 80]);
    await poll();
    await poll();
    expect(world.destination.kept.toSorted()).toEqual(['p-a', 'p-b', 'p-c', 'p-late', 'p-same-instant']);
    expect(world.state().checkpoint).toMatchObject({ phase: 'continuous', highWaterMark: '102', lowWaterMark: null });
  });

  test('a batch that was never committed is not remembered: it is sent again under its ids', async () => {
    add(['a', 100], ['b', 101]);
    world.destination.onSend = () => {
      throw new Error('the function dies');
    };
    await expect(poll()).rejects.toThrow('the function dies');
    expect(world.history.remembered.size).toBe(1);
    world.destination.onSend = () => undefined;
    await poll();
    expect(world.destination.kept).toEqual(['p-a', 'p-b']);
  });

  test('what can no longer come again is forgotten', async () => {
    for (let at = 0; at < 100; at += 5) {
      add([`k${at}`, at]);
      await poll();
    }
    expect(world.history.remembered.size).toBeLessThanOrEqual(LOOKBACK / 5 + 1);
    expect(new Set(world.destination.kept).size).toBe(20);
    expect(world.destination.kept).toHaveLength(20);
  });

  test('a stop and a resume in between lose nothing and repeat nothing', async () => {
    add(['a', 100], ['b', 101], ['c', 102]);
    await poll();
    await world.clock.run(stopRun(WRAPPER, world.control()));
    add(['d', 102], ['e', 103]);
    await execute('r-2');
    await poll();
    expect(world.destination.kept).toEqual(['p-a', 'p-b', 'p-c', 'p-d', 'p-e']);
  });
});

describe('an upstream that asks to come back later', () => {
  const throttled = () => {
    source.throttle = new ThrottledError('HTTP 429 from source', world.clock.now() + 10 * MINUTE);
  };

  test('is waited for outside the function', async () => {
    throttled();
    expect(await poll()).toEqual({ outcome: 'wait', until: world.clock.now() + 10 * MINUTE });
    expect(world.state()).toMatchObject({ waitingUntil: world.clock.now() + 10 * MINUTE, run: { caughtUpAt: null } });
  });

  test('W-5: counts as data for at most 15 minutes', async () => {
    throttled();
    await poll();
    const health = () => {
      const { status, reason } = verdict(world.state(), world.clock.now());
      return [status, reason];
    };
    expect(health()).toEqual(['HEALTHY', 'WAITING_FOR_UPSTREAM']);
    // The expected time is three intervals of five minutes after the last excuse.
    for (let waits = 0; waits < 3; waits += 1) {
      await world.clock.run(world.clock.sleep(10 * MINUTE));
      throttled();
      await poll();
    }
    expect(health()).toEqual(['HEALTHY', 'WAITING_FOR_UPSTREAM']);
    await world.clock.run(world.clock.sleep(1));
    expect(health()).toEqual(['STALLED', 'NO_DATA_IN_TIME']);
  });

  test('is forgotten with the next data', async () => {
    throttled();
    await poll();
    source.throttle = null;
    add(['a', 1]);
    await poll();
    expect(world.state().throttledSince).toBeNull();
    expect(verdict(world.state(), world.clock.now()).reason).toBe('CAUGHT_UP');
  });
});

test('a source that is read once more each time is read under a new lineage', async () => {
  world = runWorld(0);
  source = growingSource(0);
  const onward = source.prepare;
  source.prepare = async (signal) => ({ ...(await onward(signal)), afterEnd: 'again' });
  add(['a', 1], ['b', 2]);
  for (const requestId of ['r-1', 'r-2']) {
    await execute(requestId);
    expect(await poll()).toEqual({ outcome: 'finished' });
  }
  expect(world.destination.attempts.map(({ ids }) => ids)).toEqual([
    ['p-a', 'p-b'],
    ['p-a', 'p-b'],
  ]);
  expect(new Set(world.destination.attempts.map(({ batchId }) => batchId)).size).toBe(2);
  expect(world.state().checkpoint.lineage).toBe(2);
});
