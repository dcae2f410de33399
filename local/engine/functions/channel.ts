import { fork } from 'node:child_process';
import type { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import type { Invoke, Reply, SandboxSettings } from './sandbox-messages.ts';

/** One isolated runtime: a process that can be measured and killed, or a cheaper thread. */
export type Channel = {
  /** Of a thread, the engine's own. */
  readonly pid: number;
  send(message: Invoke): void;
  onReply(listener: (reply: Reply) => void): void;
  /** Called when it has ended, with what Lambda would print about that; a thread may have two things to say. */
  onExit(listener: (description: string) => void): void;
  readonly output: readonly Readable[];
  kill(): void;
};

export type OpenChannel = (settings: SandboxSettings, env: Readonly<Record<string, string>>) => Channel;

const HOST = new URL('./sandbox-host.ts', import.meta.url);

export const openProcess: OpenChannel = (settings, env) => {
  const child = fork(HOST, [JSON.stringify(settings)], {
    env,
    execArgv: [`--max-old-space-size=${settings.memoryMb}`],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  return {
    pid: child.pid ?? 0,
    // An error here means that the process has just ended, which is told by onExit.
    send: (message) => void child.send(message, () => {}),
    onReply: (listener) => void child.on('message', (reply) => listener(reply as Reply)),
    onExit: (listener) => {
      child.once('error', (error) => listener(error.message));
      child.once('exit', (code, signal) => listener(signal ? `signal: ${signal}` : `exit status ${code}`));
    },
    output: [child.stdout, child.stderr].filter((stream) => stream !== null),
    kill: () => void child.kill('SIGKILL'),
  };
};

/**
 * A thread that reaches its heap limit is ended, unless it allocates so fast that it takes the engine with it: for
 * functions that answer requests, not for those that move data.
 */
export const openThread: OpenChannel = (settings, env) => {
  const worker = new Worker(HOST, {
    env,
    workerData: settings,
    execArgv: env.NODE_OPTIONS?.includes('--enable-source-maps') ? ['--enable-source-maps'] : [],
    // Dozens of them share a machine: what is young is tidied up early, or each keeps tens of megabytes of it.
    resourceLimits: { maxOldGenerationSizeMb: settings.memoryMb, maxYoungGenerationSizeMb: 8 },
    stdout: true,
    stderr: true,
  });
  return {
    pid: process.pid,
    send: (message) => worker.postMessage(message),
    onReply: (listener) => void worker.on('message', listener),
    onExit: (listener) => {
      worker.once('error', (error) => listener(String(error)));
      worker.once('exit', (code) => listener(`exit status ${code}`));
    },
    output: [worker.stdout, worker.stderr],
    kill: () => void worker.terminate(),
  };
};
