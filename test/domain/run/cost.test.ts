import { expect, test } from '@jest/globals';
import { estimateCost } from '../../../lambdas/domain/run/cost.ts';
import { noCounts, type Run } from '../../../lambdas/domain/run/run-state.ts';
import { executingState } from '../../support/executing-state.ts';
import { MORNING } from '../../support/manual-clock.ts';

const run: Run = {
  ...(executingState().run as Run),
  endedAt: MORNING + 100_000,
  memoryMb: 1024,
  counts: { ...noCounts, slices: 1, batches: 1000, quarantined: 10, busyMs: 100_000, fees: 5_000_000 },
};

test('a run that worked for 100 seconds, on 1,000 batches costs what its parts cost', () => {
  const { total, components } = estimateCost(run, MORNING);
  expect(components.lambda).toBeCloseTo(100 * 0.0000133334 + 0.2e-6, 9);
  expect(components.step_functions).toBeCloseTo(4 * 25e-6, 9);
  expect(components.dynamodb).toBeCloseTo((2 * 1006 + 10) * 0.625e-6 + 3 * 0.125e-6, 9);
  expect(components.destination).toBeCloseTo(0.005, 9);
  const sum = Object.values(components).reduce((all, part) => all + part, 0);
  expect(total).toBeCloseTo(sum, 8);
});

test('a run that goes on has cost what it has cost by now', () => {
  const { components } = estimateCost({ ...run, endedAt: null, busySince: MORNING }, MORNING + 50_000);
  expect(components.lambda).toBeCloseTo(150 * 0.0000133334 + 0.2e-6, 9);
});

test('a run without a slice has computed nothing', () => {
  expect(estimateCost({ ...run, memoryMb: 0, counts: noCounts }, MORNING).components.lambda).toBe(0);
});
