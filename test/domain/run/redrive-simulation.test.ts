import { expect, test } from '@jest/globals';
import { configure } from '../../../lambdas/domain/run/control-steps.ts';
import { awaitRun, executeRun } from '../../../lambdas/domain/run/execute-run.ts';
import { reconcileRun } from '../../../lambdas/domain/run/reconcile-run.ts';
import { sourceCheckpoint } from '../../../lambdas/domain/run/run-state.ts';
import { applyStep } from '../../../lambdas/domain/run/step.ts';
import { stopRun } from '../../../lambdas/domain/run/stop-run.ts';
import { type Random, seededRandom } from '../../support/random.ts';
import { runMachine } from '../../support/run-machine.ts';
import { points, type RunWorld, runWorld, settings, WRAPPER } from '../../support/run-world.ts';
import { randomWeather, roughWire, skewedClock, type Weather } from '../../support/weather.ts';

/*
 * Random schedules of executes, re-drives and stops of one wrapper in bad weather, whose mapping is mended half-way. In
 * the end every row was sent, those that were mended from quarantine or from the source, each under one batch id only,
 * and counted once.
 */
const SCHEDULES = Number(process.env.SIMULATION_SCHEDULES ?? 200);
const FIRST_SEED = Number(process.env.SIMULATION_SEED ?? 1);
const ACTIVE_MS = 90_000;
const MOST_ROUNDS = 60;

test(`no schedule of ${SCHEDULES} loses a row, or sends one under two ids`, async () => {
  const broken: string[] = [];
  for (let seed = FIRST_SEED; seed < FIRST_SEED + SCHEDULES; seed += 1) {
    const problems = await play(seed).catch((error: unknown) => [String(error)]);
    if (problems.length > 0) broken.push(`SIMULATION_SEED=${seed} SIMULATION_SCHEDULES=1: ${problems.join('; ')}`);
  }
  expect(broken).toEqual([]);
}, 60_000);

/** Plays one schedule to its end; answers what went wrong. */
async function play(seed: number): Promise<string[]> {
  const random = seededRandom(seed);
  const world = runWorld(random.between(3, 12));
  world.batchSize = random.between(1, 4);
  world.misfits = new Set(points(1, world.source.rows).flatMap((_, at) => (random.chance(0.4) ? [at + 1] : [])));
  const weather: Weather = { ...randomWeather(random), calm: true };
  const doubled = random.pick([0, 0.2, 0.6]);
  runMachine(world, {
    nextFunction: () => ({ wire: roughWire(random, world, weather), clock: skewedClock(random, world) }),
    twice: () => !weather.calm && random.chance(doubled),
    sliceLifetimeMs: random.pick([40_000, 300_000]),
  });
  const control = () => world.control(roughWire(random, world, weather), skewedClock(random, world));
  await world.clock.run(firstRun(world, random));
  world.misfits = new Set();
  await applyStep(
    configure({ ...settings, definitionId: 'd-2' }, { definitionId: world.state().definitionId, anotherSource: false }),
    world.state(),
    world.control(),
  );
  weather.calm = false;
  if (random.chance(0.5)) world.destination.script.push('accept-then-drop', 'hang', 'busy');

  const lineages: number[] = [];
  world.store.onSave = (after) => void lineages.push(sourceCheckpoint(after).lineage);
  await world.clock.run(outside(world, random, weather, control));
  return [
    ...world.destination.problems(),
    ...found(world),
    ...(new Set(lineages).size === 1 ? [] : ['another lineage']),
  ];
}

/** The run whose quarantine is re-driven: complete, or stopped somewhere between two batches. */
async function firstRun(world: RunWorld, random: Random): Promise<void> {
  const stopsAt = random.chance(0.5) ? random.between(0, 300) : null;
  const run = begin('first', 'checkpoint', world.control());
  if (stopsAt !== null) {
    await world.clock.sleep(stopsAt);
    await stopRun(WRAPPER, world.control());
  }
  await run;
}

async function outside(world: RunWorld, random: Random, weather: Weather, control: RunWorld['control']): Promise<void> {
  for (let action = random.between(2, 7); action > 0; action -= 1) {
    const from = random.chance(0.25) ? 'checkpoint' : { redrives: 1 };
    const stops = random.chance(0.35);
    const act = async () => {
      if (stops) await stopRun(WRAPPER, control());
      else await begin(`request-${action}`, from, control());
    };
    void world.clock
      .sleep(random.between(0, ACTIVE_MS))
      .then(act)
      .catch(() => undefined);
  }
  await world.clock.sleep(ACTIVE_MS);
  weather.calm = true;
  world.destination.script.splice(0);
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    await world.clock.sleep(60_000);
    await reconcileRun(WRAPPER, world.control());
    if (world.state().status === 'executing') continue;
    await begin(`execute-${round}`, 'checkpoint', world.control());
    if (world.state().status !== 'completed') continue;
    await begin(`redrive-${round}`, { redrives: 1 }, world.control());
    if (world.state().status === 'completed') return;
  }
  throw new Error(`not completed after ${MOST_ROUNDS} minutes: ${JSON.stringify(world.state())}`);
}

async function begin(
  requestId: string,
  from: 'checkpoint' | { readonly redrives: number },
  control: ReturnType<RunWorld['control']>,
): Promise<void> {
  const begun = await executeRun(WRAPPER, { requestId, from }, control);
  await awaitRun(begun, begun.run?.epoch ?? 0, control.clock.now() + 25_000, control);
}

function found({ destination, history, source, state }: RunWorld): string[] {
  const problems: string[] = [];
  const all = points(1, source.rows).sort().join();
  const kept = [...destination.kept].sort().join();
  if (kept !== all) problems.push(`delivered ${kept}, not ${all}`);
  const { dataPointsCount } = state();
  if (dataPointsCount !== source.rows) problems.push(`counted ${dataPointsCount} of ${source.rows}`);
  const sums = [...history.runs.values()].map(({ counts }) => counts.dataPointsSent);
  const sum = sums.reduce((total, sent) => total + sent, 0);
  if (sum !== dataPointsCount) problems.push(`the runs say ${sums}, together not ${dataPointsCount}`);
  const left = [...history.quarantined.keys()].filter((key) => key.startsWith('1:'));
  const lastSeq = history.runs.get(1)?.lastSeq ?? 0;
  const committed = left.filter((key) => Number(key.split(':')[1]) < lastSeq);
  if (committed.length > 0) problems.push(`still in quarantine: ${committed}`);
  return problems;
}
