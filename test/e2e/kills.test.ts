import { expect, jest, test } from '@jest/globals';
import { killCampaign, nothingLost } from './support/proof/kill-campaign.ts';
import { proofSeed } from './support/proof/proof-seed.ts';
import { underFire } from './support/proof/under-fire.ts';

jest.setTimeout(300_000);

test('kill -9 at random moments, of workers and of the whole stack: no record is lost, altered or counted twice', async () => {
  const plan = { seed: proofSeed(), lanes: 3, rows: 5000, workers: 7, stacks: 2, outages: 1 };
  const figures = await underFire((fire) => killCampaign(plan, fire));
  expect({ ...plan, ...figures }).toMatchObject({ ...plan, kills: 10, ...nothingLost });
  expect(figures.handOvers).toBeGreaterThan(0);
});
