import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { proofSeed } from '../e2e/support/proof/proof-seed.ts';
import { recordFigures } from '../support/figures.ts';

const SCHEDULES = 1_000_000;
const PROCESSES = 2;
const main = join(import.meta.dirname, '../simulation/main.ts');

test('no schedule of 1,000,000 breaks an invariant', async () => {
  const began = performance.now();
  const first = proofSeed();
  const seeds = Array.from({ length: PROCESSES }, (_, index) => first + index);
  const answers = await Promise.all(seeds.map((seed) => simulate(seed, SCHEDULES / PROCESSES)));
  recordFigures(`${SCHEDULES} schedules of the simulation (PROOF_SEED=${first})`, {
    'schedules that broke an invariant, at least': answers.filter((answer) => answer !== SOUND).length,
    'in minutes': Math.round((performance.now() - began) / 60_000),
  });
  expect(answers).toEqual(seeds.map(() => SOUND));
}, 3_600_000);

const SOUND = 'No invariant was broken.\n';

function simulate(seed: number, schedules: number): Promise<string> {
  const args = [main, '--seed', String(seed), '--schedules', String(schedules)];
  return new Promise((resolve) => {
    execFile(process.execPath, args, (_error, stdout, stderr) => resolve(stdout + stderr));
  });
}
