import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..', '..', '..');
const READY_MS = 120_000;

/** The real thing: `npm start` as a process of its own, with a data folder of its own. */
export type LocalStack = {
  readonly apiUrl: string;
  readonly sinkUrl: string;
  readonly key: string;
  readonly dataDir: string;
  /** All that it has printed so far. */
  output(): string;
  /** Ctrl-C; answers the exit code. */
  stop(): Promise<number | null>;
  /** `kill -9`, of the engine and of every function's process. */
  kill(): Promise<void>;
};

export type StackOptions = {
  /** As on the command line: `['--set', 'leaseSeconds=3']`. */
  readonly args?: readonly string[];
  /** Of an earlier stack; absent: a new one, removed when the tests end. */
  readonly dataDir?: string;
};

export async function startLocalStack(options: StackOptions = {}): Promise<LocalStack> {
  const dataDir = options.dataDir ?? temporaryFolder();
  const args = [
    'local/main.ts',
    '--port',
    '0',
    '--sink-port',
    '0',
    '--no-demo',
    '--data',
    dataDir,
    ...(options.args ?? []),
  ];
  // A group of its own, so that a kill takes the functions' processes along, as a power cut would.
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += String(chunk)));
  await ready(child, () => output);
  return {
    apiUrl: found(output, /ready at (http:\S+)/),
    sinkUrl: found(output, /sink\s+(http:\S+)/),
    key: readFileSync(path.join(dataDir, 'api-key'), 'utf8').trim(),
    dataDir,
    output: () => output,
    async stop() {
      if (child.exitCode !== null) return child.exitCode;
      const exited = once(child, 'exit');
      child.kill('SIGINT');
      await exited;
      return child.exitCode;
    },
    async kill() {
      const exited = once(child, 'exit');
      process.kill(-Number(child.pid), 'SIGKILL');
      await exited;
    },
  };
}

/** A folder of the test's own, gone when the process ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'headgate-test-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function ready(child: ChildProcess, output: () => string): Promise<void> {
  const started = Date.now();
  while (!/ready at http/.test(output()) || !/resources\/wrappers/.test(output())) {
    if (child.exitCode !== null) throw new Error(`the stack ended before it was ready:\n${output()}`);
    if (Date.now() - started > READY_MS) throw new Error(`the stack did not become ready:\n${output()}`);
    await Promise.race([once(child.stdout as NodeJS.ReadableStream, 'data'), once(child, 'exit'), pause(1000)]);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function found(output: string, pattern: RegExp): string {
  const match = pattern.exec(output)?.[1];
  if (!match) throw new Error(`nothing like ${pattern} in:\n${output}`);
  return match;
}
