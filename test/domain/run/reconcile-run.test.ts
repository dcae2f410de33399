import { beforeEach, describe, expect, test } from '@jest/globals';
import { executeRun } from '../../../lambdas/domain/run/execute-run.ts';
import { verdict } from '../../../lambdas/domain/run/health.ts';
import { buryRun, reconcileRun } from '../../../lambdas/domain/run/reconcile-run.ts';
import { runMachine } from '../../support/run-machine.ts';
import { points, type RunWorld, runWorld, slice, timing, WRAPPER } from '../../support/run-world.ts';
import type { Wire } from '../../support/wire.ts';

let world: RunWorld;
beforeEach(() => {
  world = runWorld(6);
});

const reconcile = (wire?: Wire) => world.clock.run(reconcileRun(WRAPPER, world.control(wire)));
const execute = (requestId = 'r-1') =>
  world.clock.run(executeRun(WRAPPER, { requestId, from: 'checkpoint' }, world.control()));
const pastLease = () => world.clock.advance(timing.leaseMs + timing.marginMs + 1);
const ended = { wrapperId: WRAPPER, epoch: 1, handover: 0 };

const ref = { wrapperId: WRAPPER, epoch: 1, handover: 0 };

/** A run with a slice that claimed it and was never heard of again. */
async function died(): Promise<void> {
  await execute();
  let dead = false;
  const wire: Wire = (name, call) => {
    dead ||= name === 'destination.send';
    return dead ? new Promise<never>(() => undefined) : Promise.resolve(call());
  };
  void slice(world, { wire });
  await world.clock.advance(1_000);
  expect(world.state()).toMatchObject({ attempt: 1, pending: expect.anything() });
}

describe('the reconciler', () => {
  test('leaves a run alone while its lease lasts, and while its execution is still going on', async () => {
    await died();
    world.executions.all.clear();
    expect(await reconcile()).toBe('nothing');
    world.executions.all.set('w-1-1-0', { ref, status: 'RUNNING' });
    await pastLease();
    expect(await reconcile()).toBe('nothing');
    expect(verdict(world.state(), world.clock.now())).toMatchObject({ status: 'CRASHED', reason: 'LEASE_LOST' });
  });

  test('declares a run lost whose execution is over, keeping the batch it left', async () => {
    await died();
    world.executions.all.set('w-1-1-0', { ref, status: 'FAILED' });
    await pastLease();
    expect(await reconcile()).toBe('lost');
    expect(world.state()).toMatchObject({ status: 'error', settled: true, epoch: 2, pending: expect.anything() });
    expect(world.history.runs.get(1)?.outcome).toBe('lost');
  });

  test('starts an execution that was never started', async () => {
    await execute();
    world.executions.all.clear();
    await pastLease();
    runMachine(world);
    expect(await reconcile()).toBe('restarted');
    await world.clock.advance(60_000);
    expect(world.state().status).toBe('completed');
    expect(world.destination.kept).toEqual(points(1, 6));
  });

  test('starts the execution that a run was to be handed over to', async () => {
    await died();
    const { run } = world.state();
    world.store.put({ ...world.state(), run: run && { ...run, handover: 1 } });
    await pastLease();
    expect(await reconcile()).toBe('restarted');
    expect(world.executions.all.has('w-1-1-1')).toBe(true);
  });

  test('does not bury a run that comes back to life just then', async () => {
    await died();
    world.executions.all.set('w-1-1-0', { ref, status: 'FAILED' });
    await pastLease();
    const reviving: Wire = async (name, call) => {
      if (name === 'executions.describe')
        await world.store.save({ ...world.state(), leaseUntil: world.clock.now() + timing.leaseMs });
      return call();
    };
    expect(await reconcile(reviving)).toBe('nothing');
    expect(world.state().status).toBe('executing');
  });

  test('settles an ended run whose record was never written, once', async () => {
    await execute();
    await world.clock.run(slice(world));
    world.history.runs.clear();
    world.store.put({ ...world.state(), settled: false });
    expect(await reconcile()).toBe('settled');
    expect(world.history.runs.size).toBe(1);
    expect(world.history.logs.size).toBe(1);
    expect(await reconcile()).toBe('nothing');
  });

  test('purges a deleted wrapper, and knows nothing of an unknown one', async () => {
    const purged: string[] = [];
    const purge = async (id: string) => void purged.push(id);
    world.store.put({ ...world.state(), deleted: true });
    expect(await reconcileRun(WRAPPER, { ...world.control(), purge })).toBe('purged');
    expect(purged).toEqual([WRAPPER]);
    expect(await reconcileRun('unknown', world.control())).toBe('nothing');
  });
});

describe('the event of an execution that has ended', () => {
  test('buries the run that it carried, at once', async () => {
    await died();
    expect(await world.clock.run(buryRun(ended, 'ABORTED', world.control()))).toBe('lost');
    expect(world.state().errorMessage).toMatch(/\(ABORTED\)$/);
    expect(verdict(world.state(), world.clock.now()).status).toBe('CRASHED');
  });

  test('means nothing when it is late: another run, another hand-over, a run that is over', async () => {
    await died();
    for (const stale of [{ epoch: 0 }, { handover: 1 }, { wrapperId: 'unknown' }]) {
      expect(await world.clock.run(buryRun({ ...ended, ...stale }, 'FAILED', world.control()))).toBe('nothing');
    }
    await pastLease();
    await world.clock.run(slice(world));
    expect(await world.clock.run(buryRun(ended, 'SUCCEEDED', world.control()))).toBe('nothing');
    expect(world.state().status).toBe('completed');
  });

  test('leaves a run that is being stopped to the stop', async () => {
    await died();
    world.store.put({ ...world.state(), stopRequested: true });
    expect(await world.clock.run(buryRun(ended, 'ABORTED', world.control()))).toBe('nothing');
    await world.clock.advance(timing.sendMs + timing.marginMs);
    expect(await world.clock.run(buryRun(ended, 'ABORTED', world.control()))).toBe('stopped');
    expect(world.state().status).toBe('stopped');
  });
});
