import { expect, test } from '@jest/globals';
import { OverdueError, withinTime } from '../../lambdas/domain/within-time.ts';
import { manualClock } from '../support/manual-clock.ts';

const never = () => new Promise<never>(() => undefined);

test('hands on what the work answers, or throws', async () => {
  const clock = manualClock();
  expect(await withinTime(1000, async () => 7, clock)).toBe(7);
  const failing = async () => {
    throw new Error('its own');
  };
  await expect(withinTime(1000, failing, clock)).rejects.toThrow('its own');
});

test('gives up at its time work that does not heed its signal, and tells it', async () => {
  const clock = manualClock();
  const begun = clock.now();
  const told: boolean[] = [];
  const waiting = withinTime(
    1500,
    (signal) => {
      signal.addEventListener('abort', () => told.push(true));
      return never();
    },
    clock,
  );
  await expect(clock.run(waiting)).rejects.toEqual(new OverdueError(1500));
  await expect(waiting).rejects.toThrow('timed out after 1.5 s');
  expect([clock.now() - begun, told]).toEqual([1500, [true]]);
});

test('leaves no sleeper behind', async () => {
  const clock = manualClock();
  await withinTime(60_000, async () => undefined, clock);
  // With one, the clock would go on to its end.
  await expect(clock.run(never())).rejects.toThrow('nothing is left that could happen');
});
