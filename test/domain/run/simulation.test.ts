import { expect, test } from '@jest/globals';
import type { Clock } from '../../../lambdas/domain/clock.ts';
import { awaitRun, executeRun } from '../../../lambdas/domain/run/execute-run.ts';
import { stopRun } from '../../../lambdas/domain/run/stop-run.ts';
import { type Random, seededRandom } from '../../support/random.ts';
import type { Behaviour } from '../../support/recording-destination.ts';
import { recover } from '../../support/recover.ts';
import { type Watch, watchInvariants } from '../../support/run-invariants.ts';
import { runMachine } from '../../support/run-machine.ts';
import { type RunWorld, runWorld, WRAPPER } from '../../support/run-world.ts';
import { randomWeather, roughWire, skewedClock, type Weather } from '../../support/weather.ts';
import type { Wire } from '../../support/wire.ts';

/*
 * Random schedules of the real slice, execute, stop and reconcile code on a virtual clock: slices invoked twice, calls
 * that take anything from nothing to 20 seconds, that fail on the way there or back, functions that die at a call,
 * clocks that differ by as much as the margin allows, a batch size that changes, stops and executes at any time.
 */
const SCHEDULES = Number(process.env.SIMULATION_SCHEDULES ?? 1000);
const FIRST_SEED = Number(process.env.SIMULATION_SEED ?? 1);
const ACTIVE_MS = 90_000;

const behaviours: readonly [Behaviour, ...Behaviour[]] = [
  'accept',
  'accept',
  'accept-then-drop',
  'partial',
  'busy',
  'hang',
  'refuse',
];

test(`no schedule of ${SCHEDULES} breaks an invariant`, async () => {
  const broken: string[] = [];
  for (let seed = FIRST_SEED; seed < FIRST_SEED + SCHEDULES; seed += 1) {
    const problems = await play(seed).catch((error: unknown) => [String(error)]);
    if (problems.length > 0) broken.push(`SIMULATION_SEED=${seed} SIMULATION_SCHEDULES=1: ${problems.join('; ')}`);
  }
  expect(broken).toEqual([]);
}, 60_000);

/** Plays one schedule to its end; answers the invariants it broke. */
async function play(seed: number): Promise<string[]> {
  const random = seededRandom(seed);
  const world = runWorld(random.between(1, 15));
  world.source.rejected = new Set(random.chance(0.3) ? [random.between(1, 12), random.between(1, 12)] : []);
  if (random.chance(0.5)) world.destination.script.push(...Array.from({ length: 6 }, () => random.pick(behaviours)));
  const weather = randomWeather(random);
  const nextFunction = () => {
    world.batchSize = random.between(1, 4);
    return { wire: roughWire(random, world, weather), clock: skewedClock(random, world) };
  };
  const doubled = random.pick([0, 0.2, 0.6]);
  runMachine(world, {
    nextFunction,
    twice: () => !weather.calm && random.chance(doubled),
    sliceLifetimeMs: random.pick([40_000, 300_000]),
    handoverAfter: random.pick([2, 1000]),
  });
  const watch = watchInvariants(world);
  await world.clock.run(outside(world, watch, random, weather, nextFunction));
  watch.completed();
  return watch.problems();
}

/** What people do meanwhile: execute, execute again, stop; and the recovery after it. */
async function outside(
  world: RunWorld,
  watch: Watch,
  random: Random,
  weather: Weather,
  nextFunction: () => { wire: Wire; clock: Clock },
): Promise<void> {
  const control = () => {
    const { wire, clock } = nextFunction();
    return world.control(wire, clock);
  };
  const execute = async (requestId: string) => {
    const deps = control();
    const begun = await executeRun(WRAPPER, { requestId, from: 'checkpoint' }, deps);
    await awaitRun(begun, begun.run?.epoch ?? 0, deps.clock.now() + 25_000, deps);
  };
  const stop = async () => {
    const stopped = watch.stopping();
    const outcome = await stopRun(WRAPPER, control());
    if (outcome === 'stopped' || outcome === 'was-not-executing') stopped();
  };
  void execute('request-0').catch(() => undefined);
  for (let action = random.between(1, 6); action > 0; action -= 1) {
    const act = random.chance(0.5) ? stop : () => execute(`request-${action}`);
    void world.clock
      .sleep(random.between(0, ACTIVE_MS))
      .then(act)
      .catch(() => undefined);
  }
  await world.clock.sleep(random.between(ACTIVE_MS / 2, 2 * ACTIVE_MS));
  weather.calm = true;
  world.destination.script.splice(0);
  await recover(world);
}
