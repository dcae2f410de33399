import { expect, test } from '@jest/globals';
import { turns } from '../../../../local/engine/functions/turns.ts';

test('so many go at once, the others in their order, and what fails holds nobody up', async () => {
  const inTurn = turns(2);
  const begun: number[] = [];
  const gates = Array.from({ length: 5 }, () => Promise.withResolvers<number>());
  const results = gates.map(({ promise }, n) =>
    inTurn(() => {
      begun.push(n);
      return promise;
    }),
  );
  await Promise.resolve();
  expect(begun).toEqual([0, 1]);
  gates[1]?.reject(new Error('no'));
  await expect(results[1]).rejects.toThrow('no');
  expect(begun).toEqual([0, 1, 2]);
  for (const [n, { resolve }] of gates.entries()) resolve(n);
  expect(await Promise.allSettled(results)).toHaveLength(5);
  expect(begun).toEqual([0, 1, 2, 3, 4]);
});
