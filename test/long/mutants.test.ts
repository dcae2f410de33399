import { afterAll, expect, test } from '@jest/globals';
import { mutants } from '../mutants/mutants.ts';
import { type Fate, runMutant } from '../mutants/run-mutant.ts';

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
  const rows = [...fates].map(([name, { by, broke }]) => `| ${name} | ${by ?? 'NOT CAUGHT'} | ${broke} |`);
  console.log(['| mutant | caught by | broke |', '| --- | --- | --- |', ...rows].join('\n'));
});
