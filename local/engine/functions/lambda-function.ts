import { existsSync } from 'node:fs';
import path from 'node:path';
import type { FunctionModel } from '../template/model.ts';
import { openProcess, openThread } from './channel.ts';
import type { FunctionLog } from './function-log.ts';
import { failure, type Outcome } from './outcome.ts';
import { createSandbox, type Sandbox } from './sandbox.ts';
import type { SandboxSettings } from './sandbox-messages.ts';
import { type PoolOptions, sandboxPool } from './sandbox-pool.ts';

type SandboxInfo = { readonly pid: number; readonly peakKb: number; readonly busy: boolean };

export type LambdaFunction = {
  /** Invokes the function, waiting for a sandbox when all are busy. Never rejects: failures are outcomes. */
  invoke(event: unknown): Promise<Outcome>;
  /** The sandboxes that live now. */
  sandboxes(): SandboxInfo[];
  /** The highest memory use of any sandbox so far, ended ones included, in kB. */
  peakKb(): number;
  close(): Promise<void>;
};

export type FunctionOptions = PoolOptions & {
  /** Processes can be measured and killed; threads start faster and cost less memory. */
  readonly isolation: 'process' | 'thread';
  readonly environment: Readonly<Record<string, string>>;
  /** How many invocations run at once, unless the template reserves fewer; more wait in line. */
  readonly concurrency: number;
  readonly log: FunctionLog;
  readonly newId: () => string;
};

const INIT_BUDGET_MS = 10_000;
const shutDown = failure('crashed', 'Runtime.ExitError', 'The engine is shutting down');

/** A pool of sandboxes that run one deployed function. */
export function openFunction(model: FunctionModel, options: FunctionOptions): LambdaFunction {
  const limit = Math.min(options.concurrency, model.reservedConcurrency ?? Number.POSITIVE_INFINITY);
  const settings = settingsOf(model);
  const pool = sandboxPool(() => start(settings, model, options), options);
  const waiting: (() => void)[] = [];
  const underWay = new Set<Promise<Outcome>>();
  let running = 0;
  let peak = 0;
  let closing = false;

  const invoke = async (event: unknown): Promise<Outcome> => {
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return closing ? shutDown : await tracked(run(event));
    } finally {
      // The place in line is handed on, so that nobody can slip in between.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };

  /** Closing waits for what is under way, down to its last line in the log. */
  const tracked = (outcome: Promise<Outcome>): Promise<Outcome> => {
    underWay.add(outcome);
    return outcome.finally(() => underWay.delete(outcome));
  };

  const run = async (event: unknown): Promise<Outcome> => {
    const requestId = options.newId();
    const given = await pool.take();
    if (!given) return shutDown;
    options.log.write(`START RequestId: ${requestId} Version: $LATEST`);
    const { sandbox, initMs, initError } = given;
    const began = performance.now();
    const outcome: Outcome = initError
      ? { kind: 'crashed', error: initError }
      : await sandbox.invoke(
          { requestId, event: JSON.stringify(event ?? null), deadline: Date.now() + model.timeoutSeconds * 1000 },
          { timeoutMs: model.timeoutSeconds * 1000, memoryMb: model.memoryMb },
        );
    await release(sandbox, outcome);
    report(requestId, sandbox, outcome, performance.now() - began, initMs);
    return outcome;
  };

  const release = async (sandbox: Sandbox, outcome: Outcome): Promise<void> => {
    peak = Math.max(peak, sandbox.peakKb());
    const reusable = (outcome.kind === 'returned' || outcome.kind === 'threw') && sandbox.alive && !closing;
    if (reusable) return pool.giveBack(sandbox);
    pool.drop(sandbox);
    await sandbox.close();
  };

  const report = (
    id: string,
    sandbox: Sandbox,
    outcome: Outcome,
    durationMs: number,
    initMs: number | undefined,
  ): void => {
    if (outcome.kind !== 'returned') options.log.write(JSON.stringify({ requestId: id, ...outcome.error }));
    const fields = [
      `REPORT RequestId: ${id}`,
      `Duration: ${durationMs.toFixed(2)} ms`,
      `Billed Duration: ${Math.ceil(durationMs + (initMs ?? 0))} ms`,
      `Memory Size: ${model.memoryMb} MB`,
      `Max Memory Used: ${Math.ceil(sandbox.peakKb() / 1024)} MB`,
      ...(initMs === undefined ? [] : [`Init Duration: ${initMs.toFixed(2)} ms`]),
      ...(outcome.kind === 'timeout' ? ['Status: timeout'] : []),
    ];
    options.log.write(fields.join('\t'));
  };

  return {
    invoke,
    sandboxes: () =>
      pool.all().map((sandbox) => ({ pid: sandbox.pid, peakKb: sandbox.peakKb(), busy: pool.isBusy(sandbox) })),
    peakKb: () => Math.max(peak, ...pool.all().map((sandbox) => sandbox.peakKb())),
    close: async () => {
      closing = true;
      await pool.close();
      await Promise.all(underWay);
    },
  };
}

function start(
  settings: SandboxSettings,
  model: FunctionModel,
  { isolation, environment, log }: FunctionOptions,
): Sandbox {
  const open = isolation === 'process' ? openProcess : openThread;
  const channel = open(settings, environmentOf(model, environment));
  for (const output of channel.output) log.follow(output);
  return createSandbox(channel, isolation === 'process', INIT_BUDGET_MS + model.timeoutSeconds * 1000);
}

function settingsOf(model: FunctionModel): SandboxSettings {
  const dot = model.handler.lastIndexOf('.');
  const stem = path.join(model.directory, model.handler.slice(0, dot));
  return {
    file: ['.mjs', '.js', '.cjs'].map((extension) => stem + extension).find(existsSync) ?? `${stem}.js`,
    exportName: model.handler.slice(dot + 1),
    functionName: model.name,
    functionArn: model.arn,
    memoryMb: model.memoryMb,
    logGroup: `/aws/lambda/${model.name}`,
  };
}

/** What the runtime sets, what the template sets, and last where the local services are. */
function environmentOf(model: FunctionModel, engine: Readonly<Record<string, string>>): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    TZ: 'UTC',
    LANG: 'en_US.UTF-8',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: model.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    // Part of the user agent of every call to a service, which tells there whose call it is.
    AWS_SDK_UA_APP_ID: model.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(model.memoryMb),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${model.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    LAMBDA_TASK_ROOT: model.directory,
    _HANDLER: model.handler,
    ...model.environment,
    ...engine,
  };
}
