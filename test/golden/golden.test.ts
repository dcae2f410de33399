import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { verdict } from '../../lambdas/domain/run/health.ts';
import type { RunState } from '../../lambdas/domain/run/run-state.ts';
import { stopRun } from '../../lambdas/domain/run/stop-run.ts';
import { type RunStates, runStates } from '../../lambdas/platform/wrappers/run-states.ts';
import { recover } from '../simulation/recover.ts';
import { MORNING } from '../support/manual-clock.ts';
import { runMachine } from '../support/run-machine.ts';
import { points, runWorld, WRAPPER } from '../support/run-world.ts';
import { startWrappersTable } from '../support/wrappers-table.ts';

/*
 * States as versions of the code have stored them, a folder each, of a wrapper with four rows. A change to what is stored
 * adds a folder, and leaves these as they are: a deploy finds them in the middle of a run.
 */
const LATEST = 'with-settled-runs';
const files = globSync('*/*.json', { cwd: import.meta.dirname }).sort();

let database: Awaited<ReturnType<typeof startWrappersTable>>;
let states: RunStates;
beforeAll(async () => {
  database = await startWrappersTable();
  states = runStates(database.table);
});
afterAll(() => database.close());

const healthOf: Readonly<Record<string, string>> = { executing: 'HEALTHY', stopping: 'HEALTHY' };

/** As today's code reads what was stored then. */
async function read(file: string): Promise<RunState> {
  const wrapperId = file.replaceAll('/', '-');
  const stored = JSON.parse(readFileSync(join(import.meta.dirname, file), 'utf8')) as RunState;
  await states.create({ ...stored, wrapperId });
  return { ...((await states.load(wrapperId)) as RunState), wrapperId: WRAPPER };
}

describe.each(files)('%s', (file) => {
  const name = basename(file, '.json');

  test('is read with every field of today', async () => {
    expect(fieldsOf(await read(file))).toEqual(fieldsOf(await read(`${LATEST}/${name}.json`)));
  });

  test('has the verdict that it had then', async () => {
    expect(verdict(await read(file), MORNING + 10_000).status).toBe(healthOf[name] ?? 'UNKNOWN');
  });

  test('can be stopped, and goes on to its end', async () => {
    const state = await read(file);
    const world = runWorld(4);
    world.store.put(state);
    if (state.run) world.history.plans.set(1, await world.source.prepare(new AbortController().signal));
    runMachine(world);
    const stopped = world.clock.run(stopRun(WRAPPER, world.control()));
    expect(await Promise.race([stopped, world.clock.sleep(20_000)])).toMatch(/^(process-not-found|was-not-executing)$/);
    await world.clock.run(recover(world));
    const left = state.checkpoint.position === null ? 1 : Number(state.checkpoint.position.row) + 1;
    expect(world.destination.kept).toEqual(points(left, 4));
    expect(world.state()).toMatchObject({
      status: 'completed',
      dataPointsCount: 4,
      checkpoint: { position: { row: 4 } },
    });
    expect(world.state().settledRuns.completed).toBeGreaterThan(0);
    expect(world.history.settledRuns()).toEqual(world.state().settledRuns);
  });
});

/** The paths of all fields, those of positions left out. */
function fieldsOf(value: object, path = ''): readonly string[] {
  return Object.entries(value)
    .flatMap(([name, field]) =>
      field !== null && typeof field === 'object' && name !== 'position'
        ? fieldsOf(field, `${path}${name}.`)
        : [`${path}${name}`],
    )
    .sort();
}
