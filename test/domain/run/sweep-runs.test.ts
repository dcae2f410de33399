import { expect, test } from '@jest/globals';
import { executeRun } from '../../../lambdas/domain/run/execute-run.ts';
import type { HealthStatus } from '../../../lambdas/domain/run/health.ts';
import type { Reconciled } from '../../../lambdas/domain/run/reconcile-run.ts';
import type { RunState } from '../../../lambdas/domain/run/run-state.ts';
import { settleRun } from '../../../lambdas/domain/run/settle-run.ts';
import { sweepRuns } from '../../../lambdas/domain/run/sweep-runs.ts';
import { type RunWorld, runWorld, slice, timing, WRAPPER } from '../../support/run-world.ts';
import type { Wire } from '../../support/wire.ts';

type Look = readonly [wrapperId: string, health: HealthStatus, outcome: Reconciled];

async function sweep(world: RunWorld, wire?: Wire) {
  const looks: Look[] = [];
  const troubles: string[] = [];
  const deps = {
    ...world.control(wire),
    onLook: (...look: Look) => void looks.push(look),
    onTrouble: (wrapperId: string, error: unknown) => void troubles.push(`${wrapperId}: ${(error as Error).message}`),
  };
  const { verdicts, troubled } = await world.clock.run(sweepRuns(deps));
  return { verdicts: Object.fromEntries(verdicts), troubled, looks, troubles };
}

async function started(): Promise<RunWorld> {
  const world = runWorld(6);
  await world.clock.run(executeRun(WRAPPER, { requestId: 'r-1', from: 'checkpoint' }, world.control()));
  return world;
}

const twin = (state: RunState): RunState => ({ ...state, wrapperId: 'w-2' });

test('a wrapper counts by the health that it was found in, and is mended', async () => {
  const world = await started();
  expect(await sweep(world)).toMatchObject({ verdicts: { HEALTHY: 1 }, looks: [[WRAPPER, 'HEALTHY', 'nothing']] });
  world.store.put({ ...world.state(), attempt: 1 });
  world.executions.all.clear();
  await world.clock.advance(timing.leaseMs + timing.marginMs + 1);
  expect(await sweep(world)).toMatchObject({ verdicts: { CRASHED: 1 }, looks: [[WRAPPER, 'CRASHED', 'lost']] });
  expect(await sweep(world)).toMatchObject({ verdicts: {}, looks: [] });
});

test('one that was deleted counts no more, and is purged', async () => {
  const world = runWorld(6, { deleted: true, settled: false });
  expect(await sweep(world)).toMatchObject({ verdicts: {}, looks: [[WRAPPER, 'UNKNOWN', 'purged']] });
});

test('one in trouble does not keep the others from being looked at', async () => {
  const world = await started();
  world.store.put(twin(world.state()));
  let loads = 0;
  const failing: Wire = async (name, call) => {
    if (name === 'store.load' && loads++ === 0) throw new Error('store away');
    return call();
  };
  const swept = await sweep(world, failing);
  expect(swept).toMatchObject({ verdicts: { HEALTHY: 1 }, troubled: 1, looks: [['w-2', 'HEALTHY', 'nothing']] });
  expect(swept.troubles).toEqual([`${WRAPPER}: store away`]);
});

test('a run is told of once, however many settle it', async () => {
  const world = await started();
  expect(await slice(world)).toEqual({ outcome: 'finished' });
  const unsettled = { ...world.state(), settled: false };
  world.settled.length = 0;
  world.store.put(unsettled);
  await world.clock.run(Promise.all([settleRun(unsettled, world.control()), settleRun(unsettled, world.control())]));
  expect(world.settled.map(({ outcome }) => outcome)).toEqual(['completed']);
  await settleRun(world.state(), world.control());
  expect(world.settled).toHaveLength(1);
});
