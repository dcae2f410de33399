import { expect, test } from '@jest/globals';
import { explore } from './explore.ts';

test('no schedule of 10,000 breaks an invariant', async () => {
  expect(await explore({ seed: 1, schedules: 10_000 })).toBeNull();
}, 300_000);
