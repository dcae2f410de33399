import { describe, expect, test } from '@jest/globals';
import { RetryableError } from '../../lambdas/domain/errors.ts';
import { faults } from '../support/wire.ts';
import { recover } from './recover.ts';
import { type Scenario, scenarios } from './scenarios.ts';
import { type CallFault, openStage } from './stage.ts';

/** Whoever waits for an answer gives up some time: functions that died give none. */
const PATIENCE_MS = 300_000;

/*
 * Every call that a scenario makes, failing in every way, one at a time: exhaustive, not sampled, and taken from the
 * calls that were recorded when nothing failed. Afterwards the world is recovered: nothing is lost, no invariant broken.
 */
describe.each(Object.entries(scenarios))('%s', (_name, scenario) => {
  test.each(faults)(
    'survives %s at every single call',
    async (kind) => {
      const { calls } = await play(scenario, null);
      expect(calls.length).toBeGreaterThan(10);
      const broken: string[] = [];
      for (let index = 0; index < calls.length; index += 1) {
        const { problems } = await play(scenario, { index, kind });
        if (problems.length > 0) broken.push(`call ${index} (${calls[index]}): ${problems.join('; ')}`);
      }
      expect(broken).toEqual([]);
    },
    60_000,
  );
});

async function play(
  scenario: Scenario,
  fault: CallFault | null,
): Promise<{ readonly calls: readonly string[]; readonly problems: readonly string[] }> {
  const stage = openStage(fault);
  const { world, watch } = stage;
  const patience = world.clock.sleep(PATIENCE_MS);
  await world.clock.run(
    Promise.race([scenario(stage), patience]).catch((error: unknown) => {
      if (!(error instanceof RetryableError)) throw error;
    }),
  );
  const calls = [...stage.calls];
  world.destination.script.splice(0);
  await world.clock.run(recover(world));
  watch.settled();
  return { calls, problems: watch.problems() };
}
