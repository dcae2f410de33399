import { beforeEach, describe, expect, test } from '@jest/globals';
import { requestStop } from '../../../lambdas/domain/run/control-steps.ts';
import { executeRun } from '../../../lambdas/domain/run/execute-run.ts';
import { handOverRun } from '../../../lambdas/domain/run/hand-over-run.ts';
import { applyStep } from '../../../lambdas/domain/run/step.ts';
import { stopRun } from '../../../lambdas/domain/run/stop-run.ts';
import { runMachine } from '../../support/run-machine.ts';
import { points, type RunWorld, runWorld, WRAPPER } from '../../support/run-world.ts';
import type { Wire } from '../../support/wire.ts';

let world: RunWorld;
beforeEach(async () => {
  world = runWorld(6);
  await world.clock.run(executeRun(WRAPPER, { requestId: 'r-1', from: 'checkpoint' }, world.control()));
});

const present = { wrapperId: WRAPPER, epoch: 1, handover: 0 };
const handOver = (wire?: Wire) => world.clock.run(handOverRun(present, world.control(wire)));

describe('a hand-over', () => {
  test('goes on with the same run in the next execution, once', async () => {
    await handOver();
    await handOver();
    expect([...world.executions.all.keys()]).toEqual(['w-1-1-0', 'w-1-1-1']);
    expect(world.state()).toMatchObject({ epoch: 1, run: { executionId: 'w-1-1', handover: 1 } });
  });

  test('of a run that is over starts nothing', async () => {
    await world.clock.run(stopRun(WRAPPER, world.control()));
    expect(await handOver()).toBe('fenced');
    expect([...world.executions.all.keys()]).toEqual(['w-1-1-0']);
  });

  test('W-26: of a run that is being stopped starts nothing: the stop aborts the present execution', async () => {
    await applyStep(requestStop(), world.state(), world.control());
    expect(await handOver()).toBe('fenced');
    expect(world.state().run?.handover).toBe(0);
    expect([...world.executions.all.keys()]).toEqual(['w-1-1-0']);
  });

  test('that a stop overtakes leaves no execution running', async () => {
    const overtaken: Wire = async (name, call) => {
      if (name === 'executions.start') expect(await stopRun(WRAPPER, world.control())).toBe('stopped');
      return call();
    };
    await handOver(overtaken);
    expect([...world.executions.all.values()]).toMatchObject([{ status: 'ABORTED' }, { status: 'ABORTED' }]);
  });

  test('after every slice changes nothing about what is delivered', async () => {
    world = runWorld(60);
    world.batchSize = 1;
    const slowly: Wire = async (name, call) => {
      if (name === 'destination.send') await world.clock.sleep(6_000);
      return call();
    };
    runMachine(world, {
      handoverAfter: 1,
      sliceLifetimeMs: 60_000,
      nextFunction: () => ({ wire: slowly, clock: world.clock }),
    });
    await world.clock.run(executeRun(WRAPPER, { requestId: 'r-1', from: 'checkpoint' }, world.control()));
    await world.clock.advance(600_000);
    expect(world.state()).toMatchObject({ status: 'completed', run: { executionId: 'w-1-1' } });
    expect(world.state().run?.handover).toBeGreaterThan(3);
    expect(world.destination.kept).toEqual(points(1, 60));
    expect(world.history.runs.size).toBe(1);
  });
});
