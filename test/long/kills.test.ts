import { expect, jest, test } from '@jest/globals';
import { killCampaign, nothingLost } from '../e2e/support/proof/kill-campaign.ts';
import { proofSeed } from '../e2e/support/proof/proof-seed.ts';
import { underFire } from '../e2e/support/proof/under-fire.ts';
import { recordFigures } from '../support/figures.ts';

jest.setTimeout(30 * 60_000);

test('200 kills at random moments: no record is lost, altered or counted twice', async () => {
  const plan = { seed: proofSeed(), lanes: 4, rows: 5000, workers: 172, stacks: 20, outages: 8 };
  const figures = await underFire((fire) => killCampaign(plan, fire));
  recordFigures(`Kills (PROOF_SEED=${plan.seed})`, {
    'kill -9': figures.kills,
    'of them the whole stack': plan.stacks,
    'runs, each of 5,000 records': figures.runs,
    'hand-overs': figures.handOvers,
    'records sent again as they were': figures.repeated,
    'records lost': figures.lost,
    'records altered, or again under another id': figures.wrong,
    'records counted twice': figures.countedTwice + figures.countedTooMuch,
    'looks at checkpoints': figures.looks,
    'checkpoints that moved back': figures.checkpointMovedBack,
    'checkpoints beyond what was accepted': figures.checkpointTooFar,
    'runs shown as more than one execution': figures.notOneExecution,
    'looks at runs dead for longer than a lease': figures.looksAtDeadRuns,
    'of them HEALTHY, or executing at all': figures.deadSaidToExecute,
  });
  expect({ ...plan, ...figures }).toMatchObject({ ...plan, kills: 200, ...nothingLost });
  expect(figures.repeated).toBeGreaterThan(0);
  expect(figures.looksAtDeadRuns).toBeGreaterThan(0);
});
