import { beforeEach, expect, test } from '@jest/globals';
import { begin, declareLost } from '../../../lambdas/domain/run/control-steps.ts';
import { settleRun } from '../../../lambdas/domain/run/settle-run.ts';
import { applyStep } from '../../../lambdas/domain/run/step.ts';
import { stopRun } from '../../../lambdas/domain/run/stop-run.ts';
import { type RunWorld, runWorld, slice, timing, WRAPPER } from '../../support/run-world.ts';

let world: RunWorld;
let working: Promise<unknown>;

/** A slice that is at work until the next renewal of its lease tells it that it has none. */
beforeEach(async () => {
  world = runWorld(6);
  await execute('r-1');
  world.source.hangs = true;
  working = slice(world);
  await world.clock.advance(1000);
});

async function execute(requestId: string): Promise<void> {
  await applyStep(begin(requestId, 'checkpoint', timing), world.state(), world.control());
}

async function loseRun(): Promise<void> {
  const lost = await applyStep(declareLost(world.state().epoch, 'gone'), world.state(), world.control());
  await settleRun(lost.state, world.control());
}

test('a slice whose run was declared lost has lost its lease', async () => {
  await loseRun();
  await world.clock.run(working);
  expect(world.leasesLost).toHaveLength(1);
});

test('so has one whose run was lost and begun anew', async () => {
  await loseRun();
  await execute('r-2');
  await world.clock.run(working);
  expect(world.leasesLost).toHaveLength(1);
});

test('so has one that a later invocation has overtaken, which is still at work', async () => {
  void slice(world);
  await world.clock.run(working);
  expect(world.leasesLost).toHaveLength(1);
});

test('so has one that a later invocation has overtaken and finished for', async () => {
  world.source.hangs = false;
  await world.clock.run(slice(world));
  await world.clock.run(working);
  expect([world.state().status, world.leasesLost.length]).toEqual(['completed', 1]);
});

test('one that was stopped has not', async () => {
  await world.clock.run(stopRun(WRAPPER, world.control()));
  await world.clock.run(working);
  expect([world.state().status, world.leasesLost]).toEqual(['stopped', []]);
});

test('neither has one that comes to its own end, nor one that never had it', async () => {
  const other = runWorld(2);
  await applyStep(begin('r-1', 'checkpoint', timing), other.state(), other.control());
  await other.clock.run(slice(other));
  await other.clock.run(slice(other));
  expect([other.state().status, other.leasesLost]).toEqual(['completed', []]);
});
