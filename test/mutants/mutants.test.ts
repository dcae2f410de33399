import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { mutants } from './mutants.ts';

const run = join(import.meta.dirname, '../../lambdas/domain/run');

/** Whether each of them is caught is shown by `npm run test:long`; here, that the code has not moved away from under it. */
test.each(mutants)('can be made: $name', ({ edits }) => {
  for (const { file, text } of edits) {
    const parts = readFileSync(join(run, file), 'utf8').split(text);
    expect({ file, text, times: parts.length - 1 }).toEqual({ file, text, times: 1 });
  }
});
