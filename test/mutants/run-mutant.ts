import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Mutant } from './mutants.ts';

/** How a mutant fared: the invariant that it broke, and which suite told; null where it was not caught. */
export type Fate = { readonly by: 'simulation' | 'fail at call' | null; readonly broke: string };

const root = join(import.meta.dirname, '../..');
const suites = {
  simulation: ['test/simulation/main.ts'],
  'fail at call': [
    '--experimental-vm-modules',
    '--no-warnings',
    'node_modules/jest/bin/jest.js',
    '--runInBand',
    'test/simulation/fail-at-call',
  ],
} as const;

/** Lets the short suites loose on a copy of the code with the mutant in it. @throws when its texts are not there. */
export async function runMutant(mutant: Mutant): Promise<Fate> {
  const copy = mkdtempSync(join(tmpdir(), 'headgate-mutant-'));
  try {
    for (const part of ['lambdas', 'test/simulation', 'test/support', 'package.json', 'jest.config.ts'])
      cpSync(join(root, part), join(copy, part), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    for (const edit of mutant.edits) replaceIn(join(copy, 'lambdas/domain/run', edit.file), edit.text, edit.becomes);
    return await fateIn(copy);
  } finally {
    rmSync(copy, { recursive: true });
  }
}

function replaceIn(file: string, text: string, becomes: string): void {
  const parts = readFileSync(file, 'utf8').split(text);
  if (parts.length !== 2) throw new Error(`${parts.length - 1} times in ${file}, instead of once: ${text}`);
  writeFileSync(file, parts.join(becomes));
}

async function fateIn(copy: string): Promise<Fate> {
  let output = '';
  for (const by of ['simulation', 'fail at call'] as const) {
    output = await outputOf(suites[by], copy);
    // Nothing but an invariant that is named counts: a mutant that does not even run proves nothing.
    const broke = /\b(?:I|O-|W-)\d+: [^\n;]*/.exec(output)?.[0];
    if (broke) return { by, broke };
  }
  return { by: null, broke: output.slice(0, 2000) };
}

function outputOf(args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, [...args], { cwd, maxBuffer: 64 * 2 ** 20 }, (_error, stdout, stderr) =>
      resolve(stdout + stderr),
    );
  });
}
