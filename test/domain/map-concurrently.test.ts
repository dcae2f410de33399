import { expect, test } from '@jest/globals';
import { mapConcurrently } from '../../lambdas/domain/map-concurrently.ts';
import { manualClock } from '../support/manual-clock.ts';

test('so many at a time and no more, in their order', async () => {
  const clock = manualClock();
  let under = 0;
  let most = 0;
  const results = await clock.run(
    mapConcurrently([5, 1, 4, 2, 3], 2, async (ms) => {
      under += 1;
      most = Math.max(most, under);
      await clock.sleep(ms);
      under -= 1;
      return ms * 10;
    }),
  );
  expect(results).toEqual([50, 10, 40, 20, 30]);
  expect(most).toBe(2);
});

test('a failure is thrown when nothing is under way any more, and nothing is begun after it', async () => {
  const clock = manualClock();
  const ended: number[] = [];
  const mapping = mapConcurrently([1, 5, 2, 3], 2, async (ms) => {
    await clock.sleep(ms);
    if (ms === 1) throw new Error('broken');
    ended.push(ms);
  });
  await expect(clock.run(mapping)).rejects.toThrow('broken');
  expect(ended).toEqual([5]);
});
