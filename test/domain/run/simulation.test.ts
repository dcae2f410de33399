import { expect, test } from '@jest/globals';
import type { Clock } from '../../../lambdas/domain/clock.ts';
import { RetryableError } from '../../../lambdas/domain/errors.ts';
import { awaitRun, executeRun } from '../../../lambdas/domain/run/execute-run.ts';
import { stopRun } from '../../../lambdas/domain/run/stop-run.ts';
import { type Random, seededRandom } from '../../support/random.ts';
import type { Behaviour } from '../../support/recording-destination.ts';
import { recover } from '../../support/recover.ts';
import { type Watch, watchInvariants } from '../../support/run-invariants.ts';
import { runMachine } from '../../support/run-machine.ts';
import { type RunWorld, runWorld, timing, WRAPPER } from '../../support/run-world.ts';
import { faults, type Wire } from '../../support/wire.ts';

/*
 * Random schedules of the real slice, execute, stop and reconcile code on a virtual clock: slices invoked twice, calls
 * that take anything from nothing to 20 seconds, that fail on the way there or back, functions that die at a call,
 * clocks that differ by as much as the margin allows, stops and further executes at any time.
 */
const SCHEDULES = Number(process.env.SIMULATION_SCHEDULES ?? 400);
const FIRST_SEED = Number(process.env.SIMULATION_SEED ?? 1);
const LONGEST_CALL_MS = 20_000;

const behaviours: readonly [Behaviour, ...Behaviour[]] = [
  'accept',
  'accept',
  'accept-then-drop',
  'partial',
  'busy',
  'hang',
  'refuse',
];

type Weather = { readonly fails: number; readonly dies: number; readonly slow: number; calm: boolean };

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
  const world = runWorld(random.between(1, 12));
  world.batchSize = random.between(1, 3);
  world.source.rejected = new Set(random.chance(0.3) ? [random.between(1, 12), random.between(1, 12)] : []);
  if (random.chance(0.5)) world.destination.script.push(...Array.from({ length: 6 }, () => random.pick(behaviours)));
  const weather: Weather = {
    fails: random.pick([0, 0.03, 0.1]),
    dies: random.pick([0, 0.02, 0.05]),
    slow: random.pick([0, 0.1, 0.3]),
    calm: false,
  };
  const nextFunction = () => ({ wire: roughWire(random, world, weather), clock: skewedClock(random, world) });
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
  const later = (act: () => Promise<void>) =>
    world.clock
      .sleep(random.between(0, 60_000))
      .then(act)
      .catch(() => undefined);
  void execute('first').catch(() => undefined);
  if (random.chance(0.6)) void later(() => execute('second'));
  if (random.chance(0.7)) void later(stop);
  if (random.chance(0.3)) void later(stop);
  await world.clock.sleep(random.between(30_000, 150_000));
  weather.calm = true;
  world.destination.script.splice(0);
  await recover(world);
}

/** Calls that are slow, fail on the way there or back, or are the last that their caller makes. */
function roughWire(random: Random, world: RunWorld, weather: Weather): Wire {
  const never = new Promise<never>(() => undefined);
  let dead = false;
  return async (_name, call) => {
    if (dead) return never;
    const roughly = !weather.calm;
    const most = roughly && random.chance(weather.slow) ? LONGEST_CALL_MS : 50;
    const there = random.between(0, most);
    const fault = roughly && random.chance(weather.fails) ? random.pick(['throw-before', 'throw-after']) : null;
    const death =
      roughly && random.chance(weather.dies) ? random.pick(faults.slice(2) as ['die-before', 'die-after']) : null;
    dead = death !== null;
    await world.clock.sleep(there);
    if (death === 'die-before') return never;
    if (fault === 'throw-before') throw new RetryableError('out of reach');
    const answer = await call();
    if (death === 'die-after') return never;
    await world.clock.sleep(random.between(0, most));
    if (fault === 'throw-after') throw new RetryableError('the answer was lost');
    return answer;
  };
}

/** Any two clocks differ by no more than the margin. */
function skewedClock(random: Random, world: RunWorld): Clock {
  const most = timing.marginMs / 2 - 1;
  return world.clock.skewed(random.between(-most, most));
}
