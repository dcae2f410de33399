import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { begin, declareLost, markSettled, requestStop } from '../../../lambdas/domain/run/control-steps.ts';
import type { RunState } from '../../../lambdas/domain/run/run-state.ts';
import { settleRun } from '../../../lambdas/domain/run/settle-run.ts';
import { noSettledRuns, sumOf, withSettled } from '../../../lambdas/domain/run/settled-runs.ts';
import { claim, fail, finish } from '../../../lambdas/domain/run/slice-steps.ts';
import { applyStep, type Step } from '../../../lambdas/domain/run/step.ts';
import { executingState } from '../../support/executing-state.ts';
import { type RunWorld, runWorld, timing } from '../../support/run-world.ts';
import { callWith, type Fault, type Wire } from '../../support/wire.ts';

type End = 'completed' | 'failed' | 'lost' | 'stopped';
/** A run, and who settles it: each its own call that goes wrong, if any, and the last of them goes through. */
type Played = { readonly end: End; readonly settlers: readonly Broken[]; readonly zombies: readonly Broken[] };
type Broken = { readonly at: number; readonly fault: Fault };

const broken = fc.record({
  at: fc.nat({ max: 4 }),
  fault: fc.constantFrom<Fault>('throw-before', 'throw-after', 'twice'),
});
const anyRuns: fc.Arbitrary<readonly Played[]> = fc.array(
  fc.record({
    end: fc.constantFrom<End>('completed', 'failed', 'lost', 'stopped'),
    settlers: fc.array(broken, { maxLength: 3 }),
    zombies: fc.array(broken, { maxLength: 2 }),
  }),
  { minLength: 1, maxLength: 6 },
);

function brokenWire({ at, fault }: Broken): Wire {
  let calls = 0;
  const options = { lost: () => new Error('lost'), late: async () => undefined };
  return (_name, call) => {
    calls += 1;
    return callWith(calls - 1 === at ? fault : null, call, options);
  };
}

async function step(world: RunWorld, ...steps: readonly Step<string>[]): Promise<void> {
  for (const one of steps) expect((await applyStep(one, world.state(), world.control())).outcome).toBe('applied');
}

/** The state of the wrapper as a run has just come to this end. */
async function runTo(end: End, world: RunWorld, name: string): Promise<RunState> {
  await step(world, begin(name, 'start', timing), claim(world.state().epoch + 1, 512, timing));
  const { epoch, attempt } = world.state();
  const hand = { epoch, attempt };
  if (end === 'completed') await step(world, finish(hand));
  if (end === 'failed') await step(world, fail(hand, { kind: 'failed', message: 'no' }));
  if (end === 'stopped') await step(world, requestStop());
  if (end === 'lost' || end === 'stopped') await step(world, declareLost(epoch, 'gone'));
  return world.state();
}

const settle = (state: RunState, world: RunWorld, how: Broken) =>
  settleRun(state, world.control(brokenWire(how))).catch(() => undefined);

test('O-5: each run counts once, whoever settles it, however often, and whatever goes wrong; zombies count nothing', async () => {
  const property = fc.asyncProperty(anyRuns, async (runs) => {
    const world = runWorld(1);
    const ended: { readonly state: RunState; readonly zombies: readonly Broken[] }[] = [];
    for (const [index, { end, settlers, zombies }] of runs.entries()) {
      const state = await runTo(end, world, `r-${index}`);
      await Promise.all(settlers.map((how) => settle(state, world, how)));
      await settleRun(world.state(), world.control());
      ended.push({ state, zombies });
      // Those of all runs so far settle what they saw end long ago.
      await Promise.all(ended.flatMap((one) => one.zombies.map((how) => settle(one.state, world, how))));
    }
    const expected = runs.reduce((sum, { end }) => withSettled(sum, end), noSettledRuns);
    expect(world.state().settledRuns).toEqual(expected);
    expect(world.history.settledRuns()).toEqual(expected);
  });
  await fc.assert(property, { numRuns: 300 });
});

test('O-5: a run that was never to be is a failed one, and one that goes on is none', () => {
  expect(withSettled(noSettledRuns, 'refused')).toEqual({ completed: 0, failed: 1, stopped: 0 });
  expect(withSettled(noSettledRuns, 'executing')).toEqual(noSettledRuns);
});

test('a run that is settled twice counts once', () => {
  const unsettled = { ...executingState(), status: 'completed' as const };
  const settleStep = markSettled(unsettled.epoch);
  const first = settleStep({ ...unsettled, run: unsettled.run && { ...unsettled.run, outcome: 'completed' } }, 0);
  expect(first).toMatchObject({ outcome: 'apply', state: { settledRuns: { completed: 1 } } });
  expect(settleStep(first.state, 0).outcome).toBe('already');
});

test('the numbers of all wrappers add up', () => {
  const one = { completed: 1, failed: 2, stopped: 3 };
  expect(sumOf([one, noSettledRuns, one])).toEqual({ completed: 2, failed: 4, stopped: 6 });
  expect(sumOf([])).toEqual(noSettledRuns);
});
