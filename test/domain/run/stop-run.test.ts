import { beforeEach, describe, expect, test } from '@jest/globals';
import { NotFoundError } from '../../../lambdas/domain/errors.ts';
import { markDeleted } from '../../../lambdas/domain/run/control-steps.ts';
import { awaitRun, executeRun } from '../../../lambdas/domain/run/execute-run.ts';
import { reconcileRun } from '../../../lambdas/domain/run/reconcile-run.ts';
import { applyStep } from '../../../lambdas/domain/run/step.ts';
import { stopRun } from '../../../lambdas/domain/run/stop-run.ts';
import { nameOf } from '../../support/memory-executions.ts';
import { runMachine } from '../../support/run-machine.ts';
import { points, type RunWorld, runWorld, slice, timing, WRAPPER } from '../../support/run-world.ts';
import { faultyWire, type Wire } from '../../support/wire.ts';

let world: RunWorld;
beforeEach(() => {
  world = runWorld(6);
});

const stop = (wire?: Wire) => stopRun(WRAPPER, world.control(wire));
const execute = (requestId = 'first') => executeRun(WRAPPER, { requestId, from: 'checkpoint' }, world.control());

/** Executes, and lets the first batch arrive and the second one hang. */
async function hanging(): Promise<void> {
  runMachine(world);
  world.destination.script.push('accept', 'hang');
  await world.clock.run(execute());
  await world.clock.advance(1_000);
  expect(world.destination.attempts).toHaveLength(2);
}

describe('stop', () => {
  test('answers only when nothing is in flight, and nothing is sent after it', async () => {
    await hanging();
    const permitEnds = world.state().sendUntil ?? 0;
    expect(await world.clock.run(stop())).toBe('stopped');
    expect(world.clock.now()).toBeLessThanOrEqual(permitEnds + timing.marginMs + 200);
    await world.clock.advance(600_000);
    expect(world.destination.attempts).toHaveLength(2);
    expect(world.state()).toMatchObject({ status: 'stopped', run: { outcome: 'stopped' }, dataPointsCount: 2 });
  });

  test('commits the batch in flight when it is accepted in time, so that resuming repeats nothing', async () => {
    runMachine(world, {
      nextFunction: () => ({ wire: slowSends(4_000), clock: world.clock }),
    });
    await world.clock.run(execute());
    await world.clock.advance(6_000);
    expect(await world.clock.run(stop())).toBe('stopped');
    expect(world.state()).toMatchObject({ pending: null, checkpoint: { position: { row: 4 } } });
    await world.clock.run(execute('second'));
    await world.clock.advance(60_000);
    expect(world.destination.attempts.map(({ ids }) => ids)).toEqual([points(1, 2), points(3, 4), points(5, 6)]);
    expect(world.state().status).toBe('completed');
  });

  test('aborts the execution before it answers', async () => {
    await hanging();
    await world.clock.run(stop());
    expect(world.executions.all.get(`${WRAPPER}-1-0`)?.status).toBe('ABORTED');
  });

  test('aborts the execution that a run was handed over to, or the one before it while there is none yet', async () => {
    await hanging();
    const { run } = world.state();
    world.store.put({ ...world.state(), run: run && { ...run, handover: 1 } });
    expect(await world.clock.run(stop())).toBe('stopped');
    expect(world.executions.all.get(`${WRAPPER}-1-0`)?.status).toBe('ABORTED');
  });

  test('waits for an invocation that was fenced while it may still be sending', async () => {
    await world.clock.run(execute());
    // It has its permit, and is held up on its way to the send.
    void slice(world, { wire: held('history.putQuarantined', 10_000) });
    await world.clock.advance(1_000);
    await world.clock.run(slice(world));
    expect(world.state().status).toBe('completed');
    const attempts = () => world.destination.attempts.length;
    expect(await world.clock.run(stop())).toBe('was-not-executing');
    const before = attempts();
    await world.clock.advance(600_000);
    expect(attempts()).toBe(before);
    expect(before).toBeGreaterThan(3);
  });

  test('waits as long as a clock that is behind by the margin may take a permit to last', async () => {
    await world.clock.run(execute());
    const behind = world.clock.skewed(-timing.marginMs + 100);
    let sends = 0;
    const secondIsSlow: Wire = async (name, call) => {
      if (name === 'destination.send' && ++sends === 2) await world.clock.sleep(timing.sendMs - 1_000);
      return call();
    };
    void slice(world, { wire: secondIsSlow, clock: behind });
    await world.clock.advance(100);
    expect(await world.clock.run(stop())).toBe('stopped');
    const before = world.destination.attempts.length;
    await world.clock.advance(600_000);
    expect([before, world.destination.attempts.length]).toEqual([2, 2]);
  });

  test('a second stop answers and changes nothing', async () => {
    await hanging();
    await world.clock.run(stop());
    const before = world.state();
    const logs = world.history.logs.size;
    expect(await world.clock.run(stop())).toBe('stopped');
    expect(world.state()).toEqual(before);
    expect(world.history.logs.size).toBe(logs);
  });

  test('two stops at a time both answer', async () => {
    await hanging();
    expect(await world.clock.run(Promise.all([stop(), stop()]))).toEqual(['stopped', 'stopped']);
  });

  test.each(['pending', 'completed'])('of a %s wrapper is a success and leaves it as it is', async (status) => {
    if (status === 'completed') {
      runMachine(world);
      await world.clock.run(execute());
      await world.clock.advance(60_000);
    }
    const before = world.state();
    expect(before.status).toBe(status);
    expect(await world.clock.run(stop())).toBe('was-not-executing');
    expect(world.state()).toEqual(before);
  });

  test('loses against a natural end that comes first', async () => {
    await hanging();
    const stopping = stop(async (name, call) => {
      if (name === 'store.save') await world.clock.sleep(60_000);
      return call();
    });
    expect(await world.clock.run(stopping)).toBe('was-not-executing');
    expect(world.state().status).toBe('completed');
  });

  test('says when the process does not exist, was denied, or could not be ended', async () => {
    await hanging();
    world.executions.all.delete(nameOf({ wrapperId: WRAPPER, epoch: 1, handover: 0 }));
    expect(await world.clock.run(stop())).toBe('process-not-found');
    for (const answer of ['denied', 'failed'] as const) {
      world = runWorld(6);
      await hanging();
      world.executions.answerToStop = answer;
      expect(await world.clock.run(stop())).toBe(answer);
    }
  });

  test('that could not abort the execution is made good by the next one', async () => {
    await hanging();
    world.executions.answerToStop = 'failed';
    await world.clock.run(stop());
    world.executions.answerToStop = null;
    expect(await world.clock.run(stop())).toBe('stopped');
    expect([...world.executions.all.values()]).toMatchObject([{ status: 'ABORTED' }]);
  });

  test('that died in the middle is finished by the reconciler', async () => {
    await hanging();
    const [load, save] = [0, 1];
    void stop(faultyWire([], { index: load + save, kind: 'die-after' }, () => new Error('lost')));
    await world.clock.advance(50);
    expect(world.state().stopRequested).toBe(true);
    await world.clock.advance(60_000);
    await world.clock.run(reconcileRun(WRAPPER, world.control()));
    expect(world.state()).toMatchObject({ status: 'stopped', settled: true });
    expect(world.executions.all.get(`${WRAPPER}-1-0`)?.status).toBe('ABORTED');
  });

  test('tells an execute that waits for the run', async () => {
    await hanging();
    const waiting = awaitRun(world.state(), 1, world.clock.now() + 25_000, world.control());
    await world.clock.run(stop());
    expect((await world.clock.run(waiting)).run?.outcome).toBe('stopped');
  });

  test('knows neither an unknown wrapper nor a deleted one', async () => {
    await expect(stopRun('unknown', world.control())).rejects.toThrow(NotFoundError);
    await applyStep(markDeleted(), world.state(), world.control());
    await expect(stop()).rejects.toThrow(new NotFoundError('Wrapper not found'));
  });
});

function slowSends(ms: number): Wire {
  return held('destination.send', ms);
}

function held(held: string, ms: number): Wire {
  return async (name, call) => {
    if (name === held) await world.clock.sleep(ms);
    return call();
  };
}
