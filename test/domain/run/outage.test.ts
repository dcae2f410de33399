import { describe, expect, test } from '@jest/globals';
import { RetryableError, RunFailure } from '../../../lambdas/domain/errors.ts';
import { executeRun } from '../../../lambdas/domain/run/execute-run.ts';
import { verdict } from '../../../lambdas/domain/run/health.ts';
import type { RunState } from '../../../lambdas/domain/run/run-state.ts';
import type { SliceEnd } from '../../../lambdas/domain/run/slice-end.ts';
import { stopRun } from '../../../lambdas/domain/run/stop-run.ts';
import { points, type RunWorld, runWorld, slice, timing, WRAPPER } from '../../support/run-world.ts';

const MINUTE = 60_000;
const unavailable = () => new RunFailure('failed', 'HTTP 503 from source', { mayMend: true });

/** A run that has begun over four rows. */
async function begun(initial: Partial<RunState> = {}): Promise<RunWorld> {
  const world = runWorld(4, { mode: 'continuous', intervalSeconds: 60, ...initial });
  await executeRun(WRAPPER, { requestId: 'r-1', from: 'checkpoint' }, world.control());
  return world;
}

/** One that has delivered them, and rests. */
async function caughtUp(initial: Partial<RunState> = {}): Promise<RunWorld> {
  const world = await begun(initial);
  await next(world);
  return world;
}

/** The next slice, once the run has rested. */
async function next(world: RunWorld): Promise<SliceEnd> {
  const { waitingUntil } = world.state();
  if (waitingUntil !== null) await world.clock.advance(Math.max(0, waitingUntil - world.clock.now()));
  return world.clock.run(slice(world));
}

const health = (world: RunWorld) => verdict(world.state(), world.clock.now()).status;
const pauses = (world: RunWorld) => (world.state().waitingUntil ?? 0) - world.clock.now();

describe('a continuous run that has caught up', () => {
  test.each([
    ['that answers with an error', unavailable()],
    ['whose file is missing', new RunFailure('refused', 'Wrapper file not found', { mayMend: true })],
  ])('rests during an outage of its source %s, and goes on after it', async (_how, error) => {
    const world = await caughtUp();
    world.source.awayFor.push(error);
    expect(await next(world)).toEqual({ outcome: 'wait', until: world.clock.now() + MINUTE });
    expect(world.state()).toMatchObject({ status: 'executing', errorMessage: null, recentError: error.message });
    expect(health(world)).toBe('DEGRADED');
    Object.assign(world.source, { rows: 6, version: 'v2' });
    await next(world);
    expect(world.state()).toMatchObject({ status: 'executing', outage: null, dataPointsCount: 10 });
    expect(world.destination.kept).toEqual(points(1, 6));
    await world.clock.advance(16 * MINUTE);
    await next(world);
    expect(health(world)).toBe('HEALTHY');
  });

  test('does so when its source can not be reached at all, without staying in its slice for long', async () => {
    const world = await caughtUp();
    world.source.awayFor.push(...Array.from({ length: 100 }, () => new RetryableError('Connection refused')));
    const before = (world.state().waitingUntil ?? 0) + 10_000;
    expect(await next(world)).toMatchObject({ outcome: 'wait' });
    expect(world.clock.now()).toBeLessThanOrEqual(before);
  });

  test('tries again after its interval, then each time after as long as the outage has lasted, up to 15 minutes', async () => {
    const world = await caughtUp();
    world.source.awayFor.push(...Array.from({ length: 8 }, unavailable));
    const waits: number[] = [];
    while (world.source.awayFor.length > 0) {
      await next(world);
      waits.push(pauses(world) / MINUTE);
    }
    expect(waits).toEqual([1, 1, 2, 4, 8, 15, 15, 15]);
  });

  test('does not try more often than its interval asks for', async () => {
    const world = await caughtUp({ intervalSeconds: 3600 });
    world.source.awayFor.push(unavailable(), unavailable());
    await next(world);
    await next(world);
    expect(pauses(world)).toBe(3_600_000);
  });

  test('logs an outage once, and the next one again', async () => {
    const world = await caughtUp();
    world.source.awayFor.push(unavailable(), unavailable());
    await next(world);
    await next(world);
    await next(world);
    world.source.awayFor.push(unavailable());
    await next(world);
    const texts = [...world.history.logs.values()].map(({ level, text }) => `${level} ${text}`);
    expect(texts).toEqual(Array(2).fill('WARN Execution w-1-1 waits for an outage to end: HTTP 503 from source'));
  });

  test('W-5: is STALLED once nothing has come in the expected time', async () => {
    const world = await caughtUp();
    world.source.awayFor.push(...Array.from({ length: 4 }, unavailable));
    for (let looks = 0; looks < 4; looks += 1) await next(world);
    expect(health(world)).toBe('STALLED');
    await next(world);
    expect(health(world)).toBe('DEGRADED');
  });

  test('sends the batch that its destination did not take again under its id when the destination is back', async () => {
    const world = await caughtUp();
    Object.assign(world.source, { rows: 7, version: 'v2' });
    world.destination.script.push('accept', 'accept', ...Array<'busy'>(200).fill('busy'));
    expect(await next(world)).toMatchObject({ outcome: 'wait' });
    expect(health(world)).toBe('DEGRADED');
    expect(await next(world)).toMatchObject({ outcome: 'wait' });
    const refused = world.destination.attempts.filter(({ behaviour }) => behaviour === 'busy');
    expect(new Set(refused.map(({ batchId }) => batchId)).size).toBe(1);
    world.destination.script.splice(0);
    await next(world);
    expect(world.destination.kept).toEqual(points(1, 7));
    expect(world.destination.attempts.at(-2)?.batchId).toBe(refused[0]?.batchId);
    expect(world.state()).toMatchObject({ outage: null, failingSince: null });
  });

  test('stays in its slice for no more than an attempt while an outage of its destination lasts', async () => {
    const world = await caughtUp();
    Object.assign(world.source, { rows: 7, version: 'v2' });
    world.destination.script.push(...Array<'hang'>(200).fill('hang'));
    await next(world);
    const until = world.state().waitingUntil ?? 0;
    await next(world);
    expect(world.clock.now() - until).toBeLessThanOrEqual(timing.sendMs);
  });

  test('can be stopped during an outage', async () => {
    const world = await caughtUp();
    world.source.awayFor.push(unavailable());
    await next(world);
    expect(await world.clock.run(stopRun(WRAPPER, world.control()))).toBe('stopped');
    expect(world.state()).toMatchObject({ status: 'stopped', outage: null });
  });

  test('ends over what will not mend itself', async () => {
    const world = await caughtUp();
    world.source.awayFor.push(new RunFailure('refused', 'Data source connection failed: HTTP 403'));
    expect(await next(world)).toEqual({ outcome: 'failed' });
    expect(health(world)).toBe('CRASHED');
  });
});

test('a continuous run that has delivered a batch rests when its source is lost half-way, and misses nothing', async () => {
  const world = await begun();
  world.source.breaksAt = { row: 3, error: new RetryableError('Connection reset') };
  expect(await next(world)).toMatchObject({ outcome: 'wait' });
  expect(world.state()).toMatchObject({ recentError: 'Failed to connect to data source', run: { caughtUpAt: null } });
  await next(world);
  expect(world.destination.kept).toEqual(points(1, 4));
});

describe('an outage ends', () => {
  test('a continuous run that has not got past its first look', async () => {
    const world = await begun();
    world.source.awayFor.push(unavailable());
    expect(await next(world)).toEqual({ outcome: 'failed' });
  });

  test('a continuous run whose destination has never taken anything, after ten seconds', async () => {
    const world = await begun();
    world.destination.script.push(...Array<'busy'>(200).fill('busy'));
    expect(await next(world)).toEqual({ outcome: 'failed' });
  });

  test('a run of mode once that has delivered data', async () => {
    const world = await begun({ mode: 'once' });
    world.source.breaksAt = { row: 3, error: new RetryableError('Connection reset') };
    expect(await next(world)).toEqual({ outcome: 'failed' });
  });
});
