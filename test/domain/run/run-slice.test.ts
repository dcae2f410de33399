import { beforeEach, describe, expect, test } from '@jest/globals';
import { RetryableError, RunFailure } from '../../../lambdas/domain/errors.ts';
import { FileChanged } from '../../../lambdas/domain/file-changed.ts';
import { begin, configure, moveCheckpoint, requestStop } from '../../../lambdas/domain/run/control-steps.ts';
import { runSlice } from '../../../lambdas/domain/run/run-slice.ts';
import { applyStep } from '../../../lambdas/domain/run/step.ts';
import { stopRun } from '../../../lambdas/domain/run/stop-run.ts';
import type { ReadingPlan } from '../../../lambdas/domain/source.ts';
import { mapRow, points, type RunWorld, runWorld, settings, slice, timing, WRAPPER } from '../../support/run-world.ts';
import type { Wire } from '../../support/wire.ts';

let world: RunWorld;
beforeEach(async () => {
  world = await executing(6);
});

async function executing(rows: number, mode: 'once' | 'continuous' = 'once'): Promise<RunWorld> {
  const made = runWorld(rows, { mode });
  await applyStep(begin('r-1', 'checkpoint', timing), made.state(), made.control());
  return made;
}

const run = (options?: Parameters<typeof slice>[1]) => world.clock.run(slice(world, options));
const saves = () => world.store.written.length - 1;
/** Begins the next run as execute does. */
async function again(requestId: string, from: 'checkpoint' | 'start' = 'checkpoint'): Promise<void> {
  await applyStep(begin(requestId, from, timing), world.state(), world.control());
}

describe('moving records', () => {
  test('delivers everything once and in order, and completes', async () => {
    expect(await run()).toEqual({ outcome: 'finished' });
    expect(world.destination.attempts.map(({ ids }) => ids)).toEqual([points(1, 2), points(3, 4), points(5, 6)]);
    expect(world.state()).toMatchObject({
      status: 'completed',
      pending: null,
      dataPointsCount: 6,
      checkpoint: { position: { row: 6 }, exhausted: true },
      run: {
        outcome: 'completed',
        counts: { recordsRead: 6, dataPointsSent: 6, batches: 3, bytesSent: 60, slices: 1 },
      },
    });
  });

  test('moves the checkpoint only after the acknowledgement', async () => {
    const seen: unknown[] = [];
    world.destination.onSend = () => seen.push(world.state().checkpoint.position);
    await run();
    expect(new Set(seen)).toEqual(new Set([null, { row: 2 }, { row: 4 }]));
  });

  test('pins the bounds of a batch before it is sent', async () => {
    const pinned: unknown[] = [];
    world.destination.onSend = (batch) => pinned.push(world.state().pending?.batchId === batch.batchId);
    await run();
    expect(pinned.length).toBeGreaterThan(0);
    expect(new Set(pinned)).toEqual(new Set([true]));
  });

  test('costs one write a batch: the commit of one is the permit of the next', async () => {
    const before = saves();
    await run();
    const [claims, firstPermit, batches, finish, settled] = [1, 1, 3, 1, 1];
    expect(saves() - before).toBe(claims + firstPermit + batches + finish + settled);
  });

  test('reads the state and the plan, and nothing that only sources with marks keep', async () => {
    const calls: string[] = [];
    const wire: Wire = async (name, call) => {
      calls.push(name);
      return call();
    };
    await run({ wire });
    const reads = calls.filter((name) => /\.load/.test(name));
    expect(reads).toEqual(['store.load', 'history.loadPlan']);
  });

  test('commits alone when a stop was requested while the batch was under way, and then rests', async () => {
    world.destination.onSend = () => {
      world.destination.onSend = () => undefined;
      void applyStep(requestStop(), world.state(), world.control());
    };
    expect(await run()).toMatchObject({ outcome: 'wait' });
    expect(world.destination.kept).toEqual(points(1, 2));
    expect(world.state()).toMatchObject({ status: 'executing', pending: null, sendUntil: null });
    expect(world.state().checkpoint.position).toEqual({ row: 2 });
  });

  test('a run with nothing new is a success with 0 points', async () => {
    await run();
    await again('r-2');
    expect(await run()).toEqual({ outcome: 'finished' });
    expect(world.state().run?.counts.dataPointsSent).toBe(0);
    expect(world.destination.attempts).toHaveLength(3);
  });

  test('a continuous run rests until its next look, and counts as caught up', async () => {
    world = await executing(2, 'continuous');
    const until = world.clock.now() + 300_000;
    expect(await run()).toEqual({ outcome: 'wait', until });
    expect(world.state()).toMatchObject({ status: 'executing', waitingUntil: until, leaseUntil: until + 60_000 });
    expect(world.state().run?.caughtUpAt).toBe(world.clock.now());
  });

  test('keeps the checkpoint of each slice in its history', async () => {
    await run();
    expect([...world.history.checkpoints.values()].map(({ position }) => position)).toEqual([{ row: 6 }]);
  });
});

describe('resuming', () => {
  test('shows the source the plan that is pinned, so that it need not find out again', async () => {
    const shown: (ReadingPlan | undefined)[] = [];
    const { prepare } = world.source;
    world.source.prepare = (signal, pinned) => {
      shown.push(pinned);
      return prepare(signal);
    };
    const { source, destination, batchSize } = world;
    const open = async () => ({ source, destination, batchSize, mapRecord: () => mapRow, maxQuarantined: 0 });
    await run({ open });
    await again('r-2');
    await run({ open });
    expect(shown).toEqual([undefined, world.history.plans.get(world.state().checkpoint.plan)]);
  });

  test('sends the pending batch again with the same bounds and ids though the batch size has changed', async () => {
    world.destination.script.push('accept', 'accept-then-drop', ...Array<'busy'>(30).fill('busy'));
    expect(await run()).toEqual({ outcome: 'failed' });
    const lost = world.destination.attempts.at(-1);
    world.destination.script.splice(0);
    world.batchSize = 5;
    await again('r-2');
    const before = world.destination.attempts.length;
    expect(await run()).toEqual({ outcome: 'finished' });
    const [first, second] = world.destination.attempts.slice(before);
    expect(first).toMatchObject({ ids: points(3, 4), batchId: lost?.batchId });
    expect(second?.ids).toEqual(points(5, 6));
    expect(world.destination.problems()).toEqual([]);
  });

  test('asks for a permit of its own before it sends what a dead slice had permitted', async () => {
    void slice(world, { wire: dyingAt('destination.send') });
    await world.clock.advance(5_000);
    await run();
    expect(world.state()).toMatchObject({ status: 'completed', recentErrorAt: null, failingSince: null });
    expect(world.destination.kept).toEqual(points(1, 6));
  });

  test('starts reading at the checkpoint, not at the beginning', async () => {
    world = await executing(100);
    expect(await run({ lifetimeMs: 25_000, wire: slowSends(2_000) })).toEqual({ outcome: 'more' });
    const { row } = world.state().checkpoint.position as { row: number };
    expect(row).toBeGreaterThan(0);
    await run();
    expect(world.source.startedAt.slice(1)).toContain(row);
    expect(world.source.startedAt.slice(1)).not.toContain(null);
    expect(world.destination.kept).toEqual(points(1, 100));
  });

  test('a file replaced half-way is refused, and says what to do', async () => {
    world.source.breaksAt = { row: 5, error: new RunFailure('failed', 'unparseable') };
    await run();
    world.source.version = 'v2';
    await again('r-2');
    expect(await run()).toEqual({ outcome: 'failed' });
    expect(world.state().run?.failure).toEqual({
      kind: 'refused',
      message: expect.stringMatching(/^file changed since the checkpoint; .*from=start/),
    });
    await again('r-3', 'start');
    expect(await run()).toEqual({ outcome: 'finished' });
    expect(world.state().checkpoint).toMatchObject({ position: { row: 6 }, lineage: 2 });
  });

  test.each([
    [
      1,
      'before anything of it was delivered can be tried again',
      'refused',
      'file changed while it was being read; try again',
    ],
    [
      5,
      'while it is read asks to start over',
      'failed',
      expect.stringMatching(/^file changed since the checkpoint; .*from=start/),
    ],
  ])('a file replaced (row %i) %s', async (row, _, kind, message) => {
    world.source.breaksAt = { row, error: new FileChanged() };
    expect(await run()).toEqual({ outcome: 'failed' });
    expect(world.state().run?.failure).toEqual({ kind, message });
  });

  test.each(['refused', 'unavailable'] as const)('what is %s at the first look fails the run later', async (kind) => {
    world.source.breaksAt = { row: 3, error: new RunFailure(kind, 'Forbidden address: 10.0.0.1') };
    expect(await run()).toEqual({ outcome: 'failed' });
    expect(world.state().run).toMatchObject({
      outcome: 'failed',
      counts: { dataPointsSent: 2 },
      failure: { kind: 'failed', message: 'Forbidden address: 10.0.0.1' },
    });
    await again('r-2');
    world.source.breaksAt = { row: 3, error: new RunFailure(kind, 'Forbidden address: 10.0.0.1') };
    await run();
    expect(world.state().run).toMatchObject({ outcome: 'refused', failure: { kind } });
  });

  test('a file replaced before anything of it was delivered is read anew by the next run', async () => {
    world.source.breaksAt = { row: 1, error: new FileChanged() };
    await run();
    world.source.version = 'v2';
    await again('r-2');
    expect(await run()).toEqual({ outcome: 'finished' });
    expect(world.destination.kept).toEqual(points(1, 6));
  });

  test('a file replaced after completion is read from its first row', async () => {
    await run();
    world.source.version = 'v2';
    world.source.rows = 3;
    await again('r-2');
    expect(await run()).toEqual({ outcome: 'finished' });
    expect(world.state().run?.counts.dataPointsSent).toBe(3);
    expect(world.state().checkpoint).toMatchObject({ position: { row: 3 }, lineage: 2 });
  });
});

describe('rows that do not fit', () => {
  test('are kept with their reason, counted, and do not stop the run', async () => {
    world.source.rejected = new Set([2, 3]);
    expect(await run()).toEqual({ outcome: 'finished' });
    expect(world.destination.kept).toEqual(['p1', 'p4', 'p5', 'p6']);
    expect([...world.history.quarantined.values()].map(({ row }) => row)).toEqual([2, 3]);
    expect(world.state().run?.counts).toMatchObject({ recordsRead: 6, dataPointsSent: 4, quarantined: 2 });
    expect(world.state().quarantinedAt).not.toBeNull();
  });

  test('a batch of nothing else moves the checkpoint without a send', async () => {
    world.source.rejected = new Set([1, 2, 3, 4]);
    expect(await run()).toEqual({ outcome: 'finished' });
    expect(world.destination.attempts.map(({ ids }) => ids)).toEqual([points(5, 6)]);
  });

  test('are set aside within pinned bounds, so that another invocation cuts them no differently', async () => {
    world.misfits = new Set([1, 2, 3, 4, 5, 6]);
    const never: Wire = (name, call) =>
      name === 'history.putQuarantined' ? new Promise(() => undefined) : Promise.resolve(call());
    world.batchSize = 4;
    void slice(world, { wire: never });
    await world.clock.advance(0);
    world.batchSize = 1;
    await run();
    expect([...world.history.quarantined.keys()]).toEqual(['1:0:1', '1:0:2', '1:0:3', '1:0:4', '1:1:5', '1:2:6']);
  });

  test('end the run when they are more than max_quarantined', async () => {
    world.maxQuarantined = 1;
    world.source.rejected = new Set([1, 3]);
    expect(await run()).toEqual({ outcome: 'failed' });
    expect(world.state()).toMatchObject({
      status: 'error',
      errorMessage:
        "2 rows did not fit, more than max_quarantined (1); the first: row 1: can't be read. Change the definition, re-drive them, or read from the beginning with ?from=start",
    });
    expect(world.state().checkpoint.position).toEqual({ row: 4 });
  });

  describe('that are more than max_quarantined', () => {
    beforeEach(async () => {
      world.maxQuarantined = 1;
      world.misfits = new Set([1, 3]);
      await run();
    });

    test('keep the next runs from going on', async () => {
      await again('r-2');
      expect(await run()).toEqual({ outcome: 'failed' });
      expect(world.state()).toMatchObject({ errorMessage: expect.stringMatching(/^2 rows did not fit/) });
      expect(world.destination.kept).toEqual(['p2', 'p4']);
    });

    test.each([
      [
        'the definition is changed',
        configure({ ...settings, definitionId: 'd-2' }, { definitionId: 'd-1', anotherSource: false }),
      ],
      ['reading starts over', moveCheckpoint('start')],
    ])('keep them no longer once %s', async (_what, step) => {
      await applyStep<string>(step, world.state(), world.control());
      world.misfits = new Set();
      await again('r-2');
      expect(await run()).toEqual({ outcome: 'finished' });
    });

    test('keep them no longer once they are re-driven', async () => {
      world.misfits = new Set([3]);
      await applyStep(begin('r-2', { redrives: 1 }, timing), world.state(), world.control());
      expect(await run()).toEqual({ outcome: 'finished' });
      await again('r-3');
      expect(await run()).toEqual({ outcome: 'finished' });
      expect(world.destination.kept).toEqual(['p2', 'p4', 'p1', 'p5', 'p6']);
    });
  });

  describe('that are all there are', () => {
    beforeEach(async () => {
      world.misfits = new Set([1, 2, 3, 4, 5, 6]);
      await run();
    });

    test('fail the run at the end of the source, and the next one too', async () => {
      const message = 'None of 6 records fits the mapping; the first: row 1 does not fit';
      expect(world.state()).toMatchObject({ status: 'error', errorMessage: message, run: { outcome: 'failed' } });
      expect(world.history.quarantined.size).toBe(6);
      await again('r-2');
      expect(await run()).toEqual({ outcome: 'failed' });
    });

    test('do so no longer once one of them is re-driven', async () => {
      world.misfits = new Set([1, 2, 3, 4]);
      await applyStep(begin('r-2', { redrives: 1 }, timing), world.state(), world.control());
      await run();
      await again('r-3');
      expect(await run()).toEqual({ outcome: 'finished' });
    });

    test('do not stand in the way of another version of the file', async () => {
      world.source.version = 'v2';
      world.misfits = new Set();
      await again('r-2');
      expect(await run()).toEqual({ outcome: 'finished' });
      expect(world.destination.kept).toEqual(points(1, 6));
    });
  });
});

describe('a source that fails', () => {
  test('without a data row ends the run', async () => {
    world = await executing(0);
    expect(await run()).toEqual({ outcome: 'failed' });
    expect(world.state().run?.failure).toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(/^No data rows/),
    });
  });

  test('out of reach at the first look is waited for, at most 10 seconds', async () => {
    world.source.awayFor.push(new RetryableError('Connection refused'), new RetryableError('Connection refused'));
    expect(await run()).toEqual({ outcome: 'finished' });

    world = await executing(6);
    const began = world.clock.now();
    world.source.awayFor.push(...Array.from({ length: 50 }, () => new RetryableError('Connection refused')));
    expect(await run()).toEqual({ outcome: 'failed' });
    expect(world.clock.now() - began).toBeLessThanOrEqual(10_000);
    expect(world.state().run?.failure).toEqual({ kind: 'unavailable', message: 'Connection refused' });
  });

  test('out of reach at a later look of the same run has failed, for the source was reached before', async () => {
    world = await executing(100);
    await run({ lifetimeMs: 25_000, wire: slowSends(2_000) });
    world.source.awayFor.push(...Array.from({ length: 500 }, () => new RetryableError('Connection refused')));
    expect(await run()).toEqual({ outcome: 'failed' });
    expect(world.state().run?.failure).toEqual({ kind: 'failed', message: 'Failed to connect to data source' });
  });

  test('lost in the middle ends the run and keeps what was delivered', async () => {
    world.source.breaksAt = { row: 3, error: new RetryableError('connection reset') };
    expect(await run()).toEqual({ outcome: 'failed' });
    expect(world.state()).toMatchObject({ status: 'error', errorMessage: 'Failed to connect to data source' });
    expect(world.state().checkpoint.position).toEqual({ row: 2 });
  });

  test('refused at the first look says why', async () => {
    world.source.awayFor.push(new RunFailure('refused', 'Wrapper file not found'));
    await run();
    expect(world.state().run?.failure).toEqual({ kind: 'refused', message: 'Wrapper file not found' });
  });
});

describe('a destination that fails', () => {
  test('and mends itself costs nothing but time, and shows as a recent error', async () => {
    world.destination.script.push('busy', 'accept-then-drop', 'partial');
    expect(await run()).toEqual({ outcome: 'finished' });
    expect(world.destination.kept).toEqual(points(1, 6));
    expect(world.destination.problems()).toEqual([]);
    expect(world.state()).toMatchObject({ recentError: 'destination took 1 point', failingSince: null });
  });

  test('for good ends the run: within 10 seconds before the first point', async () => {
    const began = world.clock.now();
    world.destination.script.push(...Array<'busy'>(100).fill('busy'));
    expect(await run()).toEqual({ outcome: 'failed' });
    expect(world.clock.now() - began).toBeLessThanOrEqual(10_000);
    expect(world.state().errorMessage).toBe('destination is busy');
    expect(world.state().pending).not.toBeNull();
  });

  test('by refusing ends the run at once', async () => {
    world.destination.script.push('accept', 'refuse');
    expect(await run()).toEqual({ outcome: 'failed' });
    expect(world.destination.attempts).toHaveLength(2);
    expect(world.state()).toMatchObject({ errorMessage: 'destination refused: HTTP 422', dataPointsCount: 2 });
  });

  test('by hanging is cut off before its permit ends', async () => {
    world.destination.script.push('accept', 'hang');
    const hung: number[] = [];
    world.store.onSave = (after, before) => {
      if (after.recentErrorAt !== before.recentErrorAt) hung.push((before.sendUntil ?? 0) - world.clock.now());
    };
    expect(await run()).toEqual({ outcome: 'finished' });
    expect(hung).toEqual([expect.any(Number)]);
    expect(hung[0]).toBeGreaterThan(0);
    expect(world.state().recentError).toMatch(/^Connection timeout/);
  });

  test('that asks for more time than anyone has patience for is given it, outside the function', async () => {
    world.destination.script.push('accept', 'busy', 'accept', 'busy');
    world.destination.retryAfterMs = 10 * 60_000;
    for (let waits = 0; waits < 2; waits += 1) {
      const asked = world.clock.now() + 10 * 60_000;
      expect(await run()).toEqual({ outcome: 'wait', until: asked });
      await world.clock.advance(10 * 60_000);
    }
    expect(await run()).toEqual({ outcome: 'finished' });
    expect(world.destination.kept).toEqual(points(1, 6));
  });

  test('that asks to be tried again at once, or at a time that has passed, is not: pauses and patience are the usual', async () => {
    world.destination.script.push('accept', ...Array<'busy'>(1000).fill('busy'));
    world.destination.retryAfterMs = 0;
    const began = world.clock.now();
    expect(await run()).toEqual({ outcome: 'failed' });
    expect(world.clock.now() - began).toBeLessThanOrEqual(121_000);
    expect(world.destination.attempts.length).toBeLessThan(30);
  });

  test('that asks for less time than it would be given gets the usual pauses', async () => {
    world.destination.script.push('accept', ...Array<'busy'>(12).fill('busy'));
    world.destination.retryAfterMs = 1;
    const began = world.clock.now();
    expect(await run()).toEqual({ outcome: 'finished' });
    expect(world.clock.now() - began).toBeGreaterThan(60_000);
  });

  test('that asks for time before the first point ends the run: execute is waiting for its answer', async () => {
    world.destination.script.push('busy');
    world.destination.retryAfterMs = 60_000;
    expect(await run()).toEqual({ outcome: 'failed' });
  });

  test('that asks to be left alone for longer than the slice lasts is not slept on, but waited for', async () => {
    world.destination.script.push('accept', 'busy');
    world.destination.retryAfterMs = 60_000;
    const asked = world.clock.now() + 60_000;
    expect(await run({ lifetimeMs: 50_000 })).toEqual({ outcome: 'wait', until: asked });
    expect(world.state()).toMatchObject({ waitingUntil: asked, leaseUntil: asked + timing.leaseMs, sendUntil: null });
    await world.clock.advance(60_000);
    expect(await run()).toEqual({ outcome: 'finished' });
    expect(world.destination.kept).toEqual(points(1, 6));
  });
});

describe('a slice', () => {
  test('ends in time: it starts a batch only if the slowest so far would still fit', async () => {
    world = await executing(1000);
    const began = world.clock.now();
    expect(await run({ lifetimeMs: 60_000, wire: slowSends(7_000) })).toEqual({ outcome: 'more' });
    expect(world.clock.now() - began).toBeLessThan(60_000);
    expect(world.clock.now() - began).toBeGreaterThan(30_000);
  });

  test('renews its lease while reading takes long', async () => {
    const leases = new Set<number | null>();
    world.store.onSave = (after) => leases.add(after.leaseUntil);
    const slowly = world.clock.sleep(100_000);
    await run({
      wire: async (name, call) => {
        if (name === 'source.read') await slowly;
        return call();
      },
    });
    expect(leases.size).toBeGreaterThanOrEqual(100_000 / (timing.leaseMs / 3));
    expect(world.state().status).toBe('completed');
  });

  test('is fenced by a later claim: its send is cut off, nothing of it is committed', async () => {
    world.destination.script.push('hang');
    const first = slice(world);
    await world.clock.advance(1000);
    const second = slice(world);
    expect(await world.clock.run(first)).toEqual({ outcome: 'fenced' });
    expect(await world.clock.run(second)).toEqual({ outcome: 'finished' });
    expect(world.destination.kept).toEqual(points(1, 6));
    expect(world.state().run?.counts).toMatchObject({ dataPointsSent: 6, batches: 3 });
  });

  test('overtaken by a later invocation that still works, comes back when its lease would be over', async () => {
    world.destination.script.push('hang');
    const first = slice(world);
    await world.clock.advance(1000);
    const second = slice(world, { wire: heldAt('source.prepare', 40_000) });
    expect(await world.clock.run(first)).toEqual({ outcome: 'wait', until: world.state().leaseUntil });
    expect(await world.clock.run(second)).toEqual({ outcome: 'finished' });
  });

  test('lets go of what it waits for when its next renewal finds it fenced', async () => {
    world.source.hangs = true;
    const ends: unknown[] = [];
    void slice(world).then((end) => ends.push(end));
    await world.clock.advance(1_000);
    await run();
    await world.clock.advance(timing.leaseMs / 3);
    expect(ends).toEqual([{ outcome: 'fenced' }]);
  });

  test('of an earlier run does nothing in the one that follows, though its attempt has the same number', async () => {
    void slice(world, { wire: heldAt('source.read', 5_000) });
    await world.clock.advance(1_000);
    await world.clock.run(stopRun(WRAPPER, world.control()));
    await again('r-2');
    const second = slice(world, { wire: heldAt('source.read', 60_000) });
    await world.clock.advance(30_000);
    expect(world.state()).toMatchObject({ attempt: 1, pending: null });
    expect(world.destination.attempts).toEqual([]);
    expect(await world.clock.run(second)).toEqual({ outcome: 'finished' });
  });

  test('of an earlier run does not take the permit of the one that follows for its own, though their batches are equal', async () => {
    // What it has read arrives after its renewal found it fenced; by then the next run has pinned the same batch.
    const slowToArrive: Wire = async (name, call) => {
      const answer = await call();
      if (name === 'source.read') await world.clock.sleep(24_000);
      return answer;
    };
    void slice(world, { wire: slowToArrive });
    await world.clock.advance(1_000);
    await world.clock.run(stopRun(WRAPPER, world.control()));
    await world.clock.advance(14_000);
    await again('r-2');
    void slice(world, { wire: heldAt('history.putQuarantined', 12_000) });
    await world.clock.advance(11_000);
    expect(world.destination.attempts).toEqual([]);
    await world.clock.advance(60_000);
    expect(world.destination.attempts.length).toBe(world.destination.kept.length / world.batchSize);
  });

  test('of another epoch, of a stopped run and of no wrapper is fenced before it does anything', async () => {
    const stale = { wrapperId: 'w-1', epoch: world.state().epoch - 1 };
    expect(await runSlice(stale, world.invocation())).toEqual({ outcome: 'fenced' });
    expect(await runSlice({ wrapperId: 'unknown', epoch: 1 }, world.invocation())).toEqual({ outcome: 'fenced' });
    expect(world.source.startedAt).toEqual([]);
  });

  test('that finds a stop under way rests, and lets the stop end the run', async () => {
    await applyStep(requestStop(), world.state(), world.control());
    expect(await run()).toMatchObject({ outcome: 'wait' });
    expect(world.state().attempt).toBe(0);
  });

  test('lets errors it does not understand through, for the state machine to retry', async () => {
    const open = () => Promise.reject(new TypeError('a bug'));
    await expect(run({ open })).rejects.toThrow('a bug');
    expect(world.state().status).toBe('executing');
  });

  test('leaves nothing behind of a wrapper that was deleted and purged meanwhile', async () => {
    const { wrapperId } = world.state();
    world.destination.onSend = () => {
      if (world.state().checkpoint.seq > 0) world.store.remove(wrapperId);
    };
    expect(await run()).toEqual({ outcome: 'fenced' });
    expect([world.history.runs.size, world.history.logs.size, world.history.checkpoints.size]).toEqual([0, 0, 0]);
  });
});

function slowSends(ms: number): Wire {
  return heldAt('destination.send', ms);
}

function heldAt(slowCall: string, ms: number): Wire {
  return async (name, call) => {
    if (name === slowCall) await world.clock.sleep(ms);
    return call();
  };
}

/** A function that dies when it is about to make this call. */
function dyingAt(fatal: string): Wire {
  let dead = false;
  return (name, call) => {
    dead ||= name === fatal;
    return dead ? new Promise<never>(() => undefined) : Promise.resolve(call());
  };
}
