import { beforeAll, describe, expect, test } from '@jest/globals';
import { dispatchPolls } from '../../lambdas/domain/feeds/dispatch-polls.ts';
import { executeRun } from '../../lambdas/domain/run/execute-run.ts';
import { recordCrash } from '../../lambdas/domain/run/record-crash.ts';
import { sweepRuns } from '../../lambdas/domain/run/sweep-runs.ts';
import { logOf, type Sample, samplesIn } from '../support/captured-metrics.ts';
import { memoryFeedStore } from '../support/feeds/memory-feed-store.ts';
import { testAdapter } from '../support/feeds/test-adapter.ts';
import { testHealth } from '../support/feeds/test-health.ts';
import { MORNING } from '../support/manual-clock.ts';
import { type RunWorld, runWorld, slice, timing, WRAPPER } from '../support/run-world.ts';
import { isInAlarm } from './alarm-state.ts';
import { synthesize } from './synthesize.ts';

const { service } = synthesize({ stage: 'prod' });
const alarms = service.ofType('AWS::CloudWatch::Alarm').map(({ Properties }) => Properties);
const own = alarms.filter(({ Namespace }) => Namespace === 'Headgate');

/** What functions of this deployment say of what happens; their modules learn its name as they are loaded. */
let measures: typeof import('../../lambdas/platform/run-metrics.ts') &
  typeof import('../../lambdas/platform/feeds/feed-metrics.ts');
beforeAll(async () => {
  process.env.DEPLOYMENT = 'headgate-prod';
  measures = {
    ...(await import('../../lambdas/platform/run-metrics.ts')),
    ...(await import('../../lambdas/platform/feeds/feed-metrics.ts')),
  };
});

const samplesOf = async (work: () => unknown): Promise<Sample[]> => samplesIn(await logOf(work));
/** Alarms that are on because of something that was measured, by name. */
const wentOff = (samples: readonly Sample[]) =>
  own.filter((alarm) => isInAlarm(alarm, samples) && !isInAlarm(alarm, [])).map(({ AlarmName }) => nameOf(AlarmName));
const nameOf = (alarmName: string) => alarmName.replace(/^headgate-prod-/, '');

const controlOf = (world: RunWorld) => ({
  ...world.control(),
  onSettled: measures.measureRun,
  onLook: () => undefined,
  onTrouble: () => undefined,
});
const execute = (world: RunWorld) =>
  world.clock.run(executeRun(WRAPPER, { requestId: 'r-1', from: 'checkpoint' }, world.control()));
const sweep = (world: RunWorld) =>
  samplesOf(async () => measures.measureSweep((await world.clock.run(sweepRuns(controlOf(world)))).verdicts));

async function executing(): Promise<RunWorld> {
  const world = runWorld(6);
  await execute(world);
  world.store.put({ ...world.state(), attempt: 1 });
  return world;
}

describe('of runs', () => {
  test('none for one that goes on, nor for one that completes', async () => {
    const world = await executing();
    expect(wentOff(await sweep(world))).toEqual([]);
    const completed = await samplesOf(() =>
      slice({ ...world, invocation: () => ({ ...world.invocation(), onSettled: measures.measureRun }) }),
    );
    expect(completed).toContainEqual(expect.objectContaining({ name: 'Runs', value: 1 }));
    expect(wentOff(completed)).toEqual([]);
  });

  test('wrapper-crashed for a run whose lease has run out while its execution goes on', async () => {
    const world = await executing();
    await world.clock.advance(timing.leaseMs + timing.marginMs + 1);
    expect(wentOff(await sweep(world))).toEqual(['wrapper-crashed']);
  });

  test('wrapper-crashed and run-lost for one whose execution is gone, once', async () => {
    const world = await executing();
    world.executions.all.clear();
    await world.clock.advance(timing.leaseMs + timing.marginMs + 1);
    expect(wentOff(await sweep(world))).toEqual(['wrapper-crashed', 'run-lost']);
    expect(wentOff(await sweep(world))).toEqual([]);
  });

  test('wrapper-crashed and run-lost for a slice that died without a word, at once', async () => {
    const world = await executing();
    const ref = { wrapperId: WRAPPER, epoch: 1, handover: 0 };
    const samples = await samplesOf(() => world.clock.run(recordCrash(ref, 'Lambda.Unknown', controlOf(world))));
    expect(wentOff(samples)).toEqual(['wrapper-crashed', 'run-lost']);
    const again = await samplesOf(() => world.clock.run(recordCrash(ref, 'Lambda.Unknown', controlOf(world))));
    expect(again).toEqual([]);
  });

  test('wrapper-crashed and run-failed for a run that says so itself', async () => {
    const world = runWorld(0);
    await execute(world);
    const invocation = () => ({ ...world.invocation(), onSettled: measures.measureRun });
    expect(wentOff(await samplesOf(() => slice({ ...world, invocation })))).toEqual(['wrapper-crashed', 'run-failed']);
  });

  test('wrapper-stalled for one that is alive and gets nowhere', async () => {
    const world = await executing();
    await world.clock.advance(3_600_000);
    world.store.put({ ...world.state(), leaseUntil: world.clock.now() + timing.leaseMs });
    expect(wentOff(await sweep(world))).toEqual(['wrapper-stalled']);
  });
});

describe('of feeds', () => {
  test.each([
    ['healthy', 1, []],
    ['stale', 16, ['feed-stale']],
    ['down', 61, ['feed-down']],
  ])('for one that is %s after %d minutes: %j', async (status, minutes, names) => {
    const samples = await tick(minutes);
    expect(samples).toContainEqual(
      expect.objectContaining({ name: 'AdaptersByStatus', dimensions: { service: 'headgate-prod', status }, value: 1 }),
    );
    expect(wentOff(samples)).toEqual(names);
  });
});

describe('of silence', () => {
  test('the two that wait for a heartbeat, and no other', () => {
    const silent = alarms.filter((alarm) => isInAlarm(alarm, [])).map(({ AlarmName }) => nameOf(AlarmName));
    expect(silent).toEqual(['reconciler-silent', 'dispatcher-silent']);
  });

  test('none once each of them has done its minute', async () => {
    const heartbeats = [...(await sweep(await executing())), ...(await tick(1))];
    expect(own.filter((alarm) => isInAlarm(alarm, heartbeats))).toEqual([]);
  });

  test('one that another deployment breaks does not count', async () => {
    const others = (await tick(1)).map((sample) => ({ ...sample, dimensions: { service: 'headgate-dev' } }));
    expect(own.filter((alarm) => isInAlarm(alarm, others))).toHaveLength(2);
  });
});

test('there is no alarm of our own metrics that nothing in here sets off', () => {
  expect(own.map(({ AlarmName }) => nameOf(AlarmName))).toEqual([
    'wrapper-crashed',
    'wrapper-stalled',
    'run-failed',
    'run-lost',
    'reconciler-silent',
    'feed-stale',
    'feed-down',
    'dispatcher-silent',
  ]);
});

/** A tick so many minutes after the only feed, due each five, was last read. */
async function tick(minutes: number): Promise<Sample[]> {
  const { healths, cycles, place } = memoryFeedStore();
  const adapter = testAdapter();
  place(adapter.id, testHealth());
  const heartbeat = { load: async () => null, record: async () => undefined };
  const now = () => MORNING + minutes * 60_000;
  return samplesOf(async () =>
    measures.measureTick(
      await dispatchPolls({ adapters: [adapter], healths, cycles, heartbeat, send: async () => 0, now }),
    ),
  );
}
