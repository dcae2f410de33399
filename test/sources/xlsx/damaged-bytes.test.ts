import { expect, test } from '@jest/globals';
import { seededRandom } from '../../support/random.ts';
import { readRecords } from '../../support/read-source.ts';
import { formatted, xlsxFile } from '../../support/xlsx-file.ts';
import { openXlsx } from './open-xlsx.ts';

const rows = [
  ['id', 'name', 'seen'],
  ...Array.from({ length: 20 }, (_, at) => [at, `name ${at}`, formatted(1, 44197 + at)]),
];
const files = [xlsxFile(rows, { formats: [14], level: 0 }), xlsxFile(rows, { formats: [14] })];
const ROUNDS = 400;

test.each([
  ['stored', 0],
  ['deflated', 1],
])('damaged bytes of a %s file are read as before or refused by name', async (_, which) => {
  const file = files[which] as Uint8Array;
  const random = seededRandom(7 + which);
  const whole = await readRecords(openXlsx(file));
  let refused = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const damaged = Buffer.from(file);
    for (let count = random.between(1, 4); count > 0; count--) {
      damaged[random.between(0, damaged.length - 1)] = random.between(0, 255);
    }
    const cut = random.chance(0.2) ? damaged.subarray(0, random.between(0, damaged.length)) : damaged;
    const outcome = await readRecords(openXlsx(cut)).catch((error: unknown) => error);
    if (Array.isArray(outcome)) {
      // What is not covered by a checksum are names and times in the archive's directory.
      expect({ round, outcome }).toEqual({ round, outcome: whole });
      continue;
    }
    refused++;
    expect({ round, outcome: (outcome as Error).name }).toEqual({ round, outcome: 'RunFailure' });
  }
  expect(refused).toBeGreaterThan(ROUNDS / 2);
});
