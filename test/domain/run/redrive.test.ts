import { describe, expect, test } from '@jest/globals';
import { ConflictError } from '../../../lambdas/domain/errors.ts';
import { configure } from '../../../lambdas/domain/run/control-steps.ts';
import { awaitRun, executeRun } from '../../../lambdas/domain/run/execute-run.ts';
import { deliveredRows } from '../../../lambdas/domain/run/quarantine.ts';
import { type RunState, sourceCheckpoint } from '../../../lambdas/domain/run/run-state.ts';
import { applyStep } from '../../../lambdas/domain/run/step.ts';
import { stopRun } from '../../../lambdas/domain/run/stop-run.ts';
import { runMachine } from '../../support/run-machine.ts';
import { type RunWorld, runWorld, settings, WRAPPER } from '../../support/run-world.ts';
import { soundWire, type Wire } from '../../support/wire.ts';

/** Rows 2, 3 and 6 don't fit, 4 can't be read; the mapping is mended for 2 and 3. */
const MISFITS = new Set([2, 3, 6]);
const MENDED = new Set([6]);

async function run(world: RunWorld, from: 'checkpoint' | { redrives: number }, wire: Wire = soundWire, id?: string) {
  const control = world.control(wire);
  const requestId = id ?? `request-${world.state().epoch}`;
  const begun = await executeRun(WRAPPER, { requestId, from }, control);
  await awaitRun(begun, begun.run?.epoch ?? 0, world.clock.now() + 60_000, control);
}

/** A world whose first run, of epoch 1, has completed, and whose mapping was mended since. */
async function quarantinedWorld(): Promise<RunWorld> {
  const world = runWorld(8);
  world.batchSize = 3;
  world.misfits = MISFITS;
  world.source.rejected = new Set([4]);
  runMachine(world);
  await world.clock.run(run(world, 'checkpoint'));
  await mend(world, 'd-2');
  return world;
}

async function mend(world: RunWorld, definitionId: string): Promise<void> {
  world.misfits = MENDED;
  await applyStep(
    configure({ ...settings, definitionId }, { definitionId: world.state().definitionId, anotherSource: false }),
    world.state(),
    world.control(),
  );
}

/** Rows that are still in quarantine as it is listed, with their reasons. */
async function listed(world: RunWorld): Promise<[number, string][]> {
  const isDelivered = deliveredRows(world.state().run, async (epoch) => world.history.runs.get(epoch) ?? null);
  const rows: [number, string][] = [];
  for (const row of world.history.quarantined.values()) {
    if (!(await isDelivered(row))) rows.push([row.row, row.rejected]);
  }
  return rows.sort(([a], [b]) => a - b);
}

const STILL: [number, string][] = [
  [4, "row 4: can't be read"],
  [6, 'row 6 does not fit'],
];
const source = ({ checkpoint, pending }: RunState) => ({ checkpoint, pending });

describe('a re-drive', () => {
  test('sends what fits now under the ids it would have had, and leaves the rest', async () => {
    const world = await quarantinedWorld();
    expect(world.destination.kept).toEqual(['p1', 'p5', 'p7', 'p8']);
    await world.clock.run(run(world, { redrives: 1 }));
    expect(world.destination.kept.slice(4)).toEqual(['p2', 'p3']);
    expect(world.destination.problems()).toEqual([]);
    expect(await listed(world)).toEqual(STILL);
    expect([...world.history.quarantined.values()].map(({ row }) => row).sort()).toEqual([4, 6]);
    expect(world.state()).toMatchObject({ status: 'completed', dataPointsCount: 6, setAside: null });
    expect(world.state().run).toMatchObject({
      counts: { recordsRead: 4, dataPointsSent: 2, quarantined: 2 },
      redrives: 1,
    });
    expect(world.history.logs.get('w-1-2-end')?.text).toBe(
      'Execution w-1-2 completed: 2 data points sent of 4 rows quarantined by w-1-1',
    );
  });

  test('leaves the reading of the source as it is, and no checkpoint of its own', async () => {
    const world = await quarantinedWorld();
    const before = source(world.state());
    const checkpoints = [...world.history.checkpoints.keys()];
    let during: unknown;
    world.destination.onSend = () => {
      during = sourceCheckpoint(world.state());
    };
    await world.clock.run(run(world, { redrives: 1 }));
    expect(during).toEqual(before.checkpoint);
    expect(source(world.state())).toEqual(before);
    expect([...world.history.checkpoints.keys()]).toEqual(checkpoints);
  });

  test('of rows that fit no better than before sends nothing, and tells the reason of today', async () => {
    const world = await quarantinedWorld();
    world.misfits = new Set([2, 3, 6]);
    world.maxQuarantined = 0;
    for (const row of world.history.quarantined.values()) Object.assign(row, { rejected: `old ${row.row}` });
    await world.clock.run(run(world, { redrives: 1 }));
    expect(world.destination.kept).toHaveLength(4);
    expect((await listed(world)).map(([, reason]) => reason)).toEqual([
      'row 2 does not fit',
      'row 3 does not fit',
      'old 4',
      'row 6 does not fit',
    ]);
  });

  test('of nothing completes with nothing, of a continuous wrapper too', async () => {
    const world = await quarantinedWorld();
    world.history.quarantined.clear();
    await applyStep(
      configure(
        { ...settings, definitionId: 'd-continuous', mode: 'continuous' },
        { definitionId: world.state().definitionId, anotherSource: false },
      ),
      world.state(),
      world.control(),
    );
    await world.clock.run(run(world, { redrives: 1 }));
    expect(world.state()).toMatchObject({ status: 'completed', run: { counts: { dataPointsSent: 0, batches: 0 } } });
  });

  test('meets no other run: neither joins the other', async () => {
    const world = await quarantinedWorld();
    world.destination.script.push('hang');
    const redriving = run(world, { redrives: 1 });
    await world.clock.advance(3_000);
    for (const from of ['checkpoint', { redrives: 1 }] as const)
      await expect(executeRun(WRAPPER, { requestId: 'other', from }, world.control())).rejects.toThrow(ConflictError);
    await world.clock.run(redriving);
    world.source.rows = 10;
    world.destination.script.push('hang');
    const executing = run(world, 'checkpoint');
    world.source.version = 'v2';
    await world.clock.advance(3_000);
    await expect(executeRun(WRAPPER, { requestId: 'another', from: { redrives: 1 } }, world.control())).rejects.toThrow(
      ConflictError,
    );
    await world.clock.run(executing);
  });

  test('that is stopped with a batch in doubt sends that once more under its old id when it is asked for again', async () => {
    const world = await quarantinedWorld();
    world.misfits = new Set();
    world.destination.script.push('accept', 'accept-then-drop', 'hang');
    const redriving = run(world, { redrives: 1 });
    await world.clock.advance(5_000);
    await world.clock.run(Promise.all([stopRun(WRAPPER, world.control()), redriving]));
    expect(world.state()).toMatchObject({ status: 'stopped', dataPointsCount: 6, pending: null });
    expect((await listed(world)).map(([row]) => row)).toEqual([4, 6]);
    await world.clock.run(run(world, { redrives: 1 }));
    expect(world.destination.attempts.filter(({ ids }) => ids.includes('p6')).length).toBeGreaterThan(1);
    expect(world.destination.kept.slice(4)).toEqual(['p2', 'p3', 'p6']);
    expect(world.destination.problems()).toEqual([]);
    expect(world.state().dataPointsCount).toBe(7);
  });

  test('in between leaves a batch of the source that may have been sent to be sent again as it was', async () => {
    const world = runWorld(8);
    world.batchSize = 3;
    world.misfits = new Set([2]);
    runMachine(world);
    world.destination.script.push('accept', 'accept-then-drop', 'hang');
    const executing = run(world, 'checkpoint');
    await world.clock.advance(5_000);
    await world.clock.run(Promise.all([stopRun(WRAPPER, world.control()), executing]));
    expect(world.state().pending).not.toBeNull();
    const before = source(world.state());
    world.misfits = new Set();
    await world.clock.run(run(world, { redrives: 1 }));
    expect(source(world.state())).toEqual(before);
    await world.clock.run(run(world, 'checkpoint'));
    expect(world.destination.problems()).toEqual([]);
    expect([...world.destination.kept].sort()).toEqual(['p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7', 'p8']);
    expect(world.state()).toMatchObject({ status: 'completed', dataPointsCount: 8 });
  });
});
