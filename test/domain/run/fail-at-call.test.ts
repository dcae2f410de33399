import { describe, expect, test } from '@jest/globals';
import { RetryableError } from '../../../lambdas/domain/errors.ts';
import { awaitRun, executeRun } from '../../../lambdas/domain/run/execute-run.ts';
import { stopRun } from '../../../lambdas/domain/run/stop-run.ts';
import { recover } from '../../support/recover.ts';
import { watchInvariants } from '../../support/run-invariants.ts';
import { runMachine } from '../../support/run-machine.ts';
import { type RunWorld, runWorld, WRAPPER } from '../../support/run-world.ts';
import { type Fault, faults, faultyWire, type Wire } from '../../support/wire.ts';

/*
 * Every call that execute, its slices and a stop make, failing in every way, one at a time: exhaustive, not sampled.
 * Afterwards the run is recovered, and must have lost nothing and broken no invariant.
 */
type Scenario = (world: RunWorld, wire: () => Wire, stopping: () => () => void) => Promise<unknown>;

const scenarios: Readonly<Record<string, Scenario>> = {
  'a run to its end': (world, wire) => execute(world, wire),
  'a run that is stopped in the middle, and executed again': async (world, wire, stopping) => {
    world.destination.script.push('accept', 'hang');
    const executed = execute(world, wire);
    await world.clock.sleep(5_000);
    const stopped = stopping();
    await stopRun(WRAPPER, world.control(wire())).then(stopped);
    await executed;
    await execute(world, wire, 'second');
  },
  'a run whose destination is in trouble, over several slices': (world, wire) => {
    world.destination.script.push('busy', 'accept-then-drop', 'partial', 'hang', 'accept', 'busy');
    return execute(world, wire);
  },
};

describe.each(Object.keys(scenarios))('%s', (name) => {
  const scenario = scenarios[name] as Scenario;

  test.each(faults)('survives %s at every single call', async (kind) => {
    const { calls } = await play(scenario, null);
    expect(calls.length).toBeGreaterThan(20);
    const broken: string[] = [];
    for (let index = 0; index < calls.length; index += 1) {
      const { problems } = await play(scenario, { index, kind });
      if (problems.length > 0) broken.push(`call ${index} (${calls[index]}): ${problems.join('; ')}`);
    }
    expect(broken).toEqual([]);
  });
});

async function play(
  scenario: Scenario,
  fault: { readonly index: number; readonly kind: Fault } | null,
): Promise<{ readonly calls: string[]; readonly problems: readonly string[] }> {
  const world = runWorld(5);
  world.source.rejected = new Set([4]);
  const calls: string[] = [];
  const wire = () => faultyWire(calls, fault, () => new RetryableError('out of reach'));
  runMachine(world, { nextFunction: () => ({ wire: wire(), clock: world.clock }), sliceLifetimeMs: 45_000 });
  const watch = watchInvariants(world);
  // Whoever waits for an answer gives up some time: functions that died give none.
  const patience = world.clock.sleep(100_000);
  await world.clock.run(
    Promise.race([scenario(world, wire, watch.stopping), patience]).catch((error: unknown) => {
      if (!(error instanceof RetryableError)) throw error;
    }),
  );
  world.destination.script.splice(0);
  const callsMade = [...calls];
  await world.clock.run(recover(world));
  watch.completed();
  return { calls: callsMade, problems: watch.problems() };
}

async function execute(world: RunWorld, wire: () => Wire, requestId = 'first'): Promise<void> {
  const control = world.control(wire());
  const begun = await executeRun(WRAPPER, { requestId, from: 'checkpoint' }, control);
  await awaitRun(begun, begun.run?.epoch ?? 0, world.clock.now() + 60_000, control);
}
