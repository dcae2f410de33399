import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import type { Random } from '../../../support/random.ts';
import { eventually } from '../eventually.ts';
import { type LocalStack, startLocalStack } from '../local-stack.ts';
import { type WrappersApi, wrappersApi } from '../wrappers-api.ts';
import { killWorker, type Worker, workersOf } from './workers.ts';

/** The protocol in seconds, and slices of two seconds, each of which ends in a hand-over. */
export const LEASE_MS = 4000;
export const SEND_MS = 2000;
const settings = {
  leaseSeconds: LEASE_MS / 1000,
  sendSeconds: SEND_MS / 1000,
  marginSeconds: 0.5,
  sliceSeconds: 9,
  handoverAfter: 1,
};
const args = [...Object.entries(settings).flatMap(([name, value]) => ['--set', `${name}=${value}`]), '--every', '1'];

const SLICE = 'headgate-local-run-slice';
const HAND_OVER = 'headgate-local-hand-over-run';
/** A started function logs its crash within this time; a worker that was idle logs none. */
const NOTICED_MS = 500;
const LOOK_AGAIN_MS = 20;
/** Less than a worker takes from its start to its first write. */
const START_MS = 250;
/** On a machine too busy for looks that close, it has to end too. */
const LONGEST_KILLING_MS = 30_000;

/** An execution of the state machine; a run has one per hand-over. */
export type Execution = { readonly name: string; readonly status: string };

/** A stack whose processes are killed, and which is started again on the same folder when all of them were. */
export type StackUnderFire = {
  /** Of the stack as it is now; calls fail while there is none. */
  readonly api: WrappersApi;
  /** The executions of a wrapper, the newest first. */
  executionsOf(wrapperId: string): Promise<readonly Execution[]>;
  /** `kill -9` of one worker, again until one was at work. */
  killOne(random: Random): Promise<void>;
  /** `kill -9` of all there is, then a new start. */
  killAll(): Promise<void>;
  /** `kill -9` of all that carries runs, and of what replaces it as soon as it comes, until it has been dead for so long. */
  killEachFor(ms: number): Promise<void>;
  /** Resolves when the next hand-over of any run begins. */
  nextHandOver(): Promise<void>;
  /** Since when there has been nothing that carries runs; null: there is. In `performance.now()`. */
  deadSince(): number | null;
  stop(): Promise<void>;
};

export async function startStackUnderFire(): Promise<StackUnderFire> {
  let stack = await startLocalStack({ args });
  let api = wrappersApi(stack);
  let deadSince: number | null = null;

  return {
    get api() {
      return api;
    },
    deadSince: () => deadSince,
    executionsOf: (wrapperId) => executionsOf(stack, wrapperId),
    async killOne(random) {
      while (!(await killAny(stack, random))) await sleep(LOOK_AGAIN_MS);
    },
    async killAll() {
      await stack.kill();
      stack = await startLocalStack({ args, dataDir: stack.dataDir });
      api = wrappersApi(stack);
    },
    async killEachFor(ms) {
      const until = performance.now() + LONGEST_KILLING_MS;
      for (let swept = 0; deadSince === null || performance.now() < Math.min(deadSince + ms, until); ) {
        const workers = (await workersOf(stack.pid)).filter(carriesRuns);
        workers.forEach(killWorker);
        const now = performance.now();
        // What has come since the last look may have done something, if that was long ago.
        if (deadSince === null || (workers.length > 0 && now - swept > START_MS)) deadSince = now;
        swept = now;
        await sleep(LOOK_AGAIN_MS);
      }
      deadSince = null;
    },
    async nextHandOver() {
      const begun = () => linesOf(stack, HAND_OVER, 'START RequestId');
      const before = begun();
      await eventually(
        async () => begun(),
        (now) => now > before,
      );
    },
    async stop() {
      const code = await stack.stop();
      if (code !== 0) throw new Error(`the stack did not end by itself (${code}):\n${stack.output()}`);
    },
  };
}

function carriesRuns({ functionName }: Worker): boolean {
  return functionName === SLICE || functionName === HAND_OVER;
}

/** Whether it was at work. */
async function killAny(stack: LocalStack, random: Random): Promise<boolean> {
  const [one, ...others] = (await workersOf(stack.pid)).filter(carriesRuns);
  if (!one) return false;
  const worker = random.pick([one, ...others]);
  const crashes = () => linesOf(stack, worker.functionName, 'Runtime exited with error: signal: SIGKILL');
  const before = crashes();
  killWorker(worker);
  const until = performance.now() + NOTICED_MS;
  while (crashes() === before && performance.now() < until) await sleep(LOOK_AGAIN_MS);
  return crashes() > before;
}

/** How often a function's log says this. */
function linesOf({ dataDir }: LocalStack, functionName: string, text: string): number {
  return readFileSync(path.join(dataDir, 'logs', `${functionName}.log`), 'utf8').split(text).length - 1;
}

async function executionsOf({ stepFunctionsUrl }: LocalStack, wrapperId: string): Promise<readonly Execution[]> {
  const client = new SFNClient({
    endpoint: stepFunctionsUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:headgate-local-runs';
  try {
    const { executions = [] } = await client.send(new ListExecutionsCommand({ stateMachineArn, maxResults: 1000 }));
    return executions
      .filter(({ name }) => name?.startsWith(wrapperId))
      .map(({ name, status }) => ({ name: String(name), status: String(status) }));
  } finally {
    client.destroy();
  }
}
