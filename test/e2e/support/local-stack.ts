import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFolder } from './temporary-folder.ts';

const root = path.join(import.meta.dirname, '..', '..', '..');
/** A build, and a boot on a machine that is busy with other tests. */
const READY_MS = 120_000;
const END_MS = 30_000;

/** The protocol in seconds instead of minutes. Each other set of settings is another build. */
export const quickSettings: Readonly<Record<string, string>> = {
  leaseSeconds: '4',
  sendSeconds: '3',
  marginSeconds: '0.5',
  uploadLimitBytes: '16000000',
};
export const quick: readonly string[] = [
  ...Object.entries(quickSettings).flatMap(([name, value]) => ['--set', `${name}=${value}`]),
  '--every',
  '1',
];

/** The real thing: `npm start` as a process of its own, with a data folder of its own. */
export type LocalStack = {
  readonly apiUrl: string;
  readonly sinkUrl: string;
  readonly s3Url: string;
  readonly sqsUrl: string;
  readonly dynamodbUrl: string;
  readonly stepFunctionsUrl: string;
  readonly apiGatewayUrl: string;
  readonly key: string;
  readonly dataDir: string;
  readonly pid: number;
  /** All that it has printed so far. */
  output(): string;
  /** Ctrl-C; answers the exit code, null when it had to be killed. */
  stop(): Promise<number | null>;
  /** `kill -9`, of the engine and of every function's process. */
  kill(): Promise<void>;
};

export type StackOptions = {
  /** As on the command line; absent: `quick`. */
  readonly args?: readonly string[];
  /** Of an earlier stack; absent: a new one, removed when the tests end. */
  readonly dataDir?: string;
  /** Where wrappers of an earlier stack send to; absent: a free one. */
  readonly sinkPort?: string;
};

export async function startLocalStack(options: StackOptions = {}): Promise<LocalStack> {
  const { args = quick, dataDir: folder = temporaryFolder(), sinkPort = '0' } = options;
  const places = ['--port', '0', '--sink-port', sinkPort, '--data', folder];
  const { child, output, stop } = spawnStack([...places, '--no-demo', ...args]);
  await ready(child, output);
  return {
    apiUrl: found(output(), /ready at (http:\S+)/),
    sinkUrl: found(output(), /sink\s+(http:\S+)/),
    s3Url: found(output(), /S3 (http:[^\s,]+)/),
    sqsUrl: found(output(), /SQS (http:[^\s,]+)/),
    dynamodbUrl: found(output(), /DynamoDB (http:[^\s,]+)/),
    stepFunctionsUrl: found(output(), /Step Functions (http:[^\s,]+)/),
    apiGatewayUrl: found(output(), /API Gateway (http:\S+)/),
    key: readFileSync(path.join(folder, 'api-key'), 'utf8').trim(),
    dataDir: folder,
    pid: Number(child.pid),
    output,
    stop,
    async kill() {
      const exited = once(child, 'exit');
      process.kill(-Number(child.pid), 'SIGKILL');
      await exited;
    },
  };
}

export type StackProcess = {
  readonly child: ChildProcess;
  output(): string;
  stop(): Promise<number | null>;
  /** The exit code. */
  ended(): Promise<number | null>;
};

/** `node local/main.ts` with these arguments, as `npm start` runs it; a leftover is killed when the tests end. */
export function spawnStack(args: readonly string[]): StackProcess {
  // A group of its own, so that a kill takes the functions' processes along, as a power cut would.
  const child = spawn(process.execPath, ['local/main.ts', ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += String(chunk)));
  const killLeftover = () => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-Number(child.pid), 'SIGKILL');
  };
  process.once('exit', killLeftover);
  const closed = once(child, 'close').then(() => {
    process.off('exit', killLeftover);
    return child.exitCode;
  });
  return {
    child,
    output: () => output,
    ended: () => closed,
    async stop() {
      if (child.exitCode === null) child.kill('SIGINT');
      // A stack that does not end would keep the tests from ending too.
      const overdue = setTimeout(killLeftover, END_MS);
      const code = await closed;
      clearTimeout(overdue);
      return code;
    },
  };
}

async function ready(child: ChildProcess, output: () => string): Promise<void> {
  const until = Date.now() + READY_MS;
  while (!output().includes('Serving until Ctrl-C')) {
    if (child.exitCode !== null) throw new Error(`the stack ended before it was ready:\n${output()}`);
    if (Date.now() > until) {
      process.kill(-Number(child.pid), 'SIGKILL');
      throw new Error(`the stack did not become ready:\n${output()}`);
    }
    await sleep(20);
  }
}

function found(output: string, pattern: RegExp): string {
  const match = pattern.exec(output)?.[1];
  if (!match) throw new Error(`nothing like ${pattern} in:\n${output}`);
  return match;
}
