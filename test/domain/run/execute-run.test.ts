import { beforeEach, describe, expect, test } from '@jest/globals';
import { NotFoundError, RetryableError } from '../../../lambdas/domain/errors.ts';
import type { StartFrom } from '../../../lambdas/domain/run/control-steps.ts';
import { awaitRun, executeRun, LOST_MESSAGE } from '../../../lambdas/domain/run/execute-run.ts';
import { verdict } from '../../../lambdas/domain/run/health.ts';
import type { RunState } from '../../../lambdas/domain/run/run-state.ts';
import { runMachine } from '../../support/run-machine.ts';
import { points, type RunWorld, runWorld, slice, timing, WRAPPER } from '../../support/run-world.ts';
import { faultyWire, type Wire } from '../../support/wire.ts';

let world: RunWorld;
beforeEach(() => {
  world = runWorld(6);
});

const execute = (requestId: string, from: StartFrom = 'checkpoint', wire?: Wire) =>
  executeRun(WRAPPER, { requestId, from }, world.control(wire));
const result = (state: RunState, waitMs = 25_000) =>
  awaitRun(state, state.run?.epoch ?? 0, world.clock.now() + waitMs, world.control());

async function complete(requestId: string, from?: StartFrom): Promise<RunState> {
  return (await world.clock.run(execute(requestId, from).then((state) => result(state)))).state;
}

describe('execute', () => {
  test('starts one execution, named after the run', async () => {
    const state = await world.clock.run(execute('r-1'));
    expect(state).toMatchObject({ status: 'executing', epoch: 1, attempt: 0, run: { executionId: 'w-1-1' } });
    expect([...world.executions.all.keys()]).toEqual(['w-1-1-0']);
    // One log entry an execution: its end.
    expect(world.history.logs.size).toBe(0);
  });

  test('twice at a time is one run and two equal answers', async () => {
    runMachine(world);
    const [one, two] = await world.clock.run(
      Promise.all(['r-1', 'r-2'].map((id) => execute(id).then((state) => result(state)))),
    );
    expect(one?.run).toEqual(two?.run);
    expect(one?.run?.counts.dataPointsSent).toBe(6);
    expect(world.executions.all.size).toBe(1);
  });

  test('repeated with the same id is the run that it began, also when that is over', async () => {
    runMachine(world);
    await complete('r-1');
    expect((await complete('r-1')).run?.epoch).toBe(1);
    expect(world.destination.attempts).toHaveLength(3);
  });

  test('finds the run that it began when the answer of the write was lost', async () => {
    const loseFirstSave = faultyWire([], { index: 1, kind: 'throw-after' }, () => new RetryableError('lost'));
    await expect(world.clock.run(execute('r-1', 'checkpoint', loseFirstSave))).rejects.toThrow('lost');
    expect(world.executions.all.size).toBe(0);
    await world.clock.run(execute('r-1'));
    expect(world.state().epoch).toBe(1);
    expect(world.executions.all.size).toBe(1);
  });

  test('repeated while its run goes on does not disturb it, even if nothing can be started just then', async () => {
    await world.clock.run(execute('r-1'));
    world.destination.script.push('accept', 'hang');
    const running = slice(world);
    await world.clock.advance(100);
    world.executions.failure = new RetryableError('throttled');
    expect((await world.clock.run(execute('r-1'))).status).toBe('executing');
    expect(await world.clock.run(running)).toEqual({ outcome: 'finished' });
  });

  test('takes over a run that is dead, with the batch it left', async () => {
    world.destination.script.push('accept', 'accept-then-drop', 'hang');
    await world.clock.run(execute('r-1'));
    void slice(world, { wire: dyingAtSend(3) });
    await world.clock.advance(5_000);
    const left = world.state().pending;
    expect(left).not.toBeNull();
    await world.clock.advance(timing.leaseMs + timing.marginMs);
    runMachine(world);
    world.destination.script.splice(0);
    const state = await complete('r-2');
    expect(state).toMatchObject({ status: 'completed', run: { epoch: 3, counts: { dataPointsSent: 4 } } });
    expect(world.destination.attempts.filter(({ batchId }) => batchId === left?.batchId).length).toBeGreaterThan(1);
    expect(world.destination.kept).toEqual(points(1, 6));
    expect(world.history.runs.get(1)).toMatchObject({ outcome: 'lost', failure: { message: LOST_MESSAGE } });
  });

  test('joins a run that came back to life while it was being looked at', async () => {
    const state = await world.clock.run(execute('r-1'));
    await world.clock.advance(timing.leaseMs + timing.marginMs + 1);
    const revived = { ...state, leaseUntil: world.clock.now() + timing.leaseMs };
    const reviving: Wire = async (name, call) => {
      if (name === 'store.save' && world.state().leaseUntil === state.leaseUntil) await world.store.save(revived);
      return call();
    };
    expect((await world.clock.run(execute('r-2', 'checkpoint', reviving))).run?.requestId).toBe('r-1');
    expect(world.state()).toMatchObject({ status: 'executing', epoch: 1 });
  });

  test('gives the run up when nothing can be started, and leaves health as it was', async () => {
    for (const before of ['NEVER_STARTED', 'COMPLETED']) {
      expect(verdict(world.state(), world.clock.now()).reason).toBe(before);
      world.executions.failure = new RetryableError('throttled');
      await expect(world.clock.run(execute(`fails-${before}`))).rejects.toThrow('the run could not be started');
      expect(world.state()).toMatchObject({
        status: 'error',
        settled: true,
        errorMessage: expect.stringMatching(/^Service unavailable/),
      });
      expect(verdict(world.state(), world.clock.now()).reason).toBe(before);
      runMachine(world);
      expect((await complete(`works-${before}`)).status).toBe('completed');
    }
  });

  test('does not give up a run whose start was only thought to have failed', async () => {
    const half: Wire = async (name, call) => {
      const answer = await call();
      if (name !== 'executions.start') return answer;
      await world.clock.sleep(1_000);
      throw new RetryableError('the answer was lost');
    };
    runMachine(world, { nextFunction: () => ({ wire: slow(100), clock: world.clock }) });
    expect((await world.clock.run(execute('r-1', 'checkpoint', half))).run?.outcome).toBe('executing');
  });

  test('knows neither an unknown wrapper nor a deleted one', async () => {
    await expect(executeRun('unknown', { requestId: 'r', from: 'start' }, world.control())).rejects.toThrow(
      new NotFoundError('Wrapper not found'),
    );
    world.store.put({ ...world.state(), deleted: true });
    await expect(execute('r')).rejects.toThrow(NotFoundError);
  });
});

describe('a replay', () => {
  test('from the start sends everything again under the same point ids', async () => {
    runMachine(world);
    await complete('r-1');
    expect((await complete('r-2', 'start')).run?.counts.dataPointsSent).toBe(6);
    expect(world.destination.attempts.slice(3).flatMap(({ ids }) => ids)).toEqual(points(1, 6));
  });

  test('from an earlier checkpoint reads by the plan of the lineage that it goes back to', async () => {
    runMachine(world);
    const first = (await complete('r-1')).checkpoint;
    const earlier = { ...first, position: { row: 4 } };
    world.source.notes = ['another way to read the same version'];
    expect((await complete('r-2', earlier)).run?.counts.dataPointsSent).toBe(2);
    expect(world.state().checkpoint).toMatchObject({ lineage: 2, plan: 1, position: { row: 6 } });
    expect(world.state().run?.notes).toEqual([]);
  });

  test('of one version is refused once the source is another', async () => {
    runMachine(world);
    const first = (await complete('r-1')).checkpoint;
    world.source.version = 'v2';
    const state = await complete('r-2', { ...first, position: { row: 4 } });
    expect(state.run?.failure?.message).toMatch(/^file changed since the checkpoint/);
  });

  test('that only joined a run leaves no plan behind for a later one', async () => {
    runMachine(world);
    const first = (await complete('r-1')).checkpoint;
    world.destination.script.push('accept', 'hang');
    await world.clock.run(execute('r-2', 'start'));
    await complete('r-3', first);
    world.source.version = 'v2';
    expect((await complete('r-4')).status).toBe('completed');
    expect((await complete('r-5')).status).toBe('completed');
  });
});

describe('waiting for the result', () => {
  test('ends when it must, while the run goes on', async () => {
    world.destination.script.push('hang', 'hang');
    runMachine(world);
    const state = await world.clock.run(execute('r-1'));
    const began = world.clock.now();
    expect(await world.clock.run(result(state, 3_000))).toMatchObject({ over: false, run: { outcome: 'executing' } });
    expect(world.clock.now() - began).toBe(3_000);
  });

  test('ends when a continuous run has caught up', async () => {
    world = runWorld(2, { mode: 'continuous' });
    runMachine(world);
    const answer = await world.clock.run(execute('r-1').then((state) => result(state)));
    expect(answer).toMatchObject({ over: true, run: { outcome: 'executing', counts: { dataPointsSent: 2 } } });
  });

  test('finds the log entry written, whoever writes it', async () => {
    runMachine(world, { nextFunction: () => ({ wire: slow(5_000, 'history.putLog'), clock: world.clock }) });
    await complete('r-1');
    expect([...world.history.logs.keys()]).toContain('w-1-1-end');
    expect(world.state().settled).toBe(true);
  });

  test('finds a run replaced by the next one in the history', async () => {
    runMachine(world);
    const first = await complete('r-1');
    await complete('r-2');
    expect(await world.clock.run(awaitRun(world.state(), first.epoch, 0, world.control()))).toMatchObject({
      run: null,
      over: true,
    });
  });
});

function slow(ms: number, only?: string): Wire {
  return async (name, call) => {
    if (only === undefined || name === only) await world.clock.sleep(ms);
    return call();
  };
}

/** Dies before the batch that is sent at the given attempt arrives. */
function dyingAtSend(attempt: number): Wire {
  let sends = 0;
  return (name, call) => {
    if (name === 'destination.send') sends += 1;
    return sends >= attempt ? new Promise<never>(() => undefined) : Promise.resolve(call());
  };
}
