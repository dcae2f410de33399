import { afterAll, expect, test } from '@jest/globals';
import { mutants } from '../mutants/mutants.ts';
import { type Fate, runMutant } from '../mutants/run-mutant.ts';
import { recordFigures } from '../support/figures.ts';

const fates = new Map<string, Fate>();

test.each(mutants)(
  'is caught: $name',
  async (mutant) => {
    const fate = await runMutant(mutant);
    fates.set(mutant.name, fate);
    expect(fate).toEqual({ by: expect.any(String), broke: expect.any(String) });
  },
  600_000,
);

afterAll(() => {
  const told = [...fates].map(([name, { by, broke }]) => [name, by ? broke.split(':')[0] : 'NOT CAUGHT']);
  recordFigures('mutants, and the promise that each breaks', Object.fromEntries(told));
});
