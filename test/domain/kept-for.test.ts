import { expect, test } from '@jest/globals';
import { keptFor } from '../../lambdas/domain/kept-for.ts';

test('is found once for all who ask in time, and again after it', async () => {
  let [now, finds] = [0, 0];
  const ask = keptFor(
    1000,
    async () => {
      finds += 1;
      return finds;
    },
    () => now,
  );
  const answers = [];
  for (now of [0, 999, 1000, 1999, 5000]) answers.push(await ask());
  expect(answers).toEqual([1, 1, 2, 2, 3]);
});

test('what failed is looked for again', async () => {
  const ends = [Promise.reject(new Error('broken')), Promise.resolve('found')];
  const ask = keptFor(
    1000,
    async () => ends.shift(),
    () => 0,
  );
  await expect(ask()).rejects.toThrow('broken');
  expect([await ask(), await ask()]).toEqual(['found', 'found']);
});
