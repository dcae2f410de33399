import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FIGURES_FILE, type Figures } from '../support/figures.ts';

const root = path.join(import.meta.dirname, '..', '..');
const jest = [
  ...['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js', '--runInBand'],
  ...['--testPathIgnorePatterns=/node_modules/', '--testMatch=<rootDir>/test/long/**/*.test.ts'],
];

process.exitCode = await main(process.argv.slice(2));

/** Runs what is too long for every day, or what of it matches the arguments, and prints what was counted and measured. */
async function main(patterns: readonly string[]): Promise<number> {
  const folder = mkdtempSync(path.join(tmpdir(), 'headgate-long-'));
  const file = path.join(folder, 'figures.ndjson');
  try {
    const began = performance.now();
    const env = { ...process.env, [FIGURES_FILE]: file };
    const tests = spawn(process.execPath, [...jest, ...patterns.map((pattern) => `--testPathPatterns=${pattern}`)], {
      cwd: root,
      env,
      stdio: 'inherit',
    });
    const [code] = await once(tests, 'exit');
    print(file, (performance.now() - began) / 60_000);
    return code ?? 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function print(file: string, minutes: number): void {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  for (const line of lines) {
    const { proof, figures } = JSON.parse(line) as { proof: string; figures: Figures };
    console.log(`\n${proof}`);
    for (const [name, value] of Object.entries(figures))
      console.log(`  ${name.padEnd(44)} ${String(value).padStart(12)}`);
  }
  console.log(`\n${new Date().toISOString().slice(0, 10)}, in ${minutes.toFixed(1)} minutes`);
}
