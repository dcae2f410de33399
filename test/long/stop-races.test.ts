import { expect, jest, test } from '@jest/globals';
import { proofSeed } from '../e2e/support/proof/proof-seed.ts';
import { SEND_MS } from '../e2e/support/proof/stack-under-fire.ts';
import {
  type StopFigures,
  type StopPlan,
  stopCampaign,
  stoppedAsPromised,
} from '../e2e/support/proof/stop-campaign.ts';
import { underFire } from '../e2e/support/proof/under-fire.ts';
import { recordFigures } from '../support/figures.ts';

jest.setTimeout(30 * 60_000);

test.each<[string, Omit<StopPlan, 'seed'>]>([
  ['460 stops at random moments', { races: 460, at: 'any moment', lanes: 10, rows: 1000 }],
  ['40 stops during hand-overs', { races: 40, at: 'a hand-over', lanes: 2, rows: 3000 }],
])('%s: nothing is sent or committed after the answer', async (title, races) => {
  const plan = { ...races, seed: proofSeed() };
  const figures = await underFire((fire) => stopCampaign(plan, fire));
  const latencies = figures.latencies.toSorted((a, b) => a - b);
  const quantile = (share: number) => Math.round(latencies[Math.ceil(latencies.length * share) - 1] ?? 0);
  recordFigures(`${title} (PROOF_SEED=${plan.seed})`, {
    ...counted(figures),
    'answered within, in ms: half of them': quantile(0.5),
    '99 of 100': quantile(0.99),
    all: quantile(1),
    'T + 2 s': SEND_MS + 2000,
  });
  expect({ ...plan, ...figures }).toMatchObject({ ...plan, ...stoppedAsPromised });
  expect(figures.repeated).toBeGreaterThan(0);
  expect(quantile(0.99)).toBeLessThanOrEqual(SEND_MS + 2000);
});

function counted(figures: StopFigures) {
  return {
    stops: figures.races,
    'of them overtaken by the natural end': figures.ended,
    'hand-overs': figures.handOvers,
    'records sent after the answer': figures.sentAfterStop,
    'changes committed after the answer': figures.committedAfterStop,
    'executions not ABORTED': figures.notAborted,
    'answers other than success': figures.failed,
    'records lost': figures.lost,
    'records sent again as they were': figures.repeated,
    'of them needlessly': figures.needlesslyRepeated,
    'records altered, or again under another id': figures.wrong,
    'records counted twice': figures.countedTwice,
  };
}
