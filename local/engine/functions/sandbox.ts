import { once } from 'node:events';
import type { Channel } from './channel.ts';
import { type FunctionError, failure, type Outcome } from './outcome.ts';
import { readMemory } from './process-memory.ts';
import type { Invoke, Reply } from './sandbox-messages.ts';

export type Sandbox = {
  readonly pid: number;
  /** Invokes the handler; the caller waits for one answer before it asks for the next. Never rejects. */
  invoke(request: Invoke, limits: { readonly timeoutMs: number; readonly memoryMb: number }): Promise<Outcome>;
  /** Why the handler can't be used, once it is known; undefined when it can. */
  readonly ready: Promise<FunctionError | undefined>;
  /** Highest memory use so far, in kB: of a process its resident set, of a thread its heap. */
  peakKb(): number;
  readonly alive: boolean;
  /** Ends it at once; resolves when it has ended. */
  close(): Promise<void>;
};

const MEMORY_CHECK_MS = 250;

/**
 * Wraps a started channel. Its listeners are set once and stay: a sandbox serves many invocations.
 * @param isProcess whether memory is its own, and so can be held to the limit
 */
export function createSandbox(channel: Channel, isProcess: boolean, initBudgetMs: number): Sandbox {
  const initialised = Promise.withResolvers<FunctionError | undefined>();
  const exited = Promise.withResolvers<void>();
  let settle: ((outcome: Outcome) => void) | undefined;
  let peak = 0;
  let alive = true;

  const initTimer = setTimeout(() => {
    initialised.resolve({
      errorType: 'Sandbox.Timedout',
      errorMessage: `Init took more than ${initBudgetMs} ms`,
      trace: [],
    });
    channel.kill();
  }, initBudgetMs);
  void initialised.promise.then(() => clearTimeout(initTimer));

  channel.onReply((reply) => {
    if (reply.type === 'ready') return initialised.resolve(undefined);
    if (reply.type === 'failed-init') return initialised.resolve(reply.error);
    peak = Math.max(peak, reply.peakKb);
    settle?.(toOutcome(reply));
  });
  channel.onExit((description) => {
    alive = false;
    const errorMessage = `Runtime exited with error: ${description}`;
    initialised.resolve({ errorType: 'Runtime.ExitError', errorMessage, trace: [] });
    settle?.(failure('crashed', 'Runtime.ExitError', errorMessage));
    exited.resolve();
  });

  const invoke: Sandbox['invoke'] = async (request, { timeoutMs, memoryMb }) => {
    if (!alive) return failure('crashed', 'Runtime.ExitError', 'Runtime exited before the invocation');
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    settle = resolve;
    const end = (outcome: Outcome): void => {
      resolve(outcome);
      alive = false;
      channel.kill();
    };
    const message = `${request.requestId} Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`;
    const timer = setTimeout(() => end(failure('timeout', 'Sandbox.Timedout', message)), timeoutMs);
    const watch = setInterval(() => {
      const memory = isProcess ? readMemory(channel.pid) : undefined;
      peak = Math.max(peak, memory?.peakKb ?? 0);
      if (memory && memory.rssKb > memoryMb * 1024) end(outOfMemory());
    }, MEMORY_CHECK_MS);
    channel.send(request);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      clearInterval(watch);
      settle = undefined;
    }
  };

  return {
    pid: channel.pid,
    invoke,
    ready: initialised.promise,
    peakKb: () => Math.max(peak, (isProcess && alive && readMemory(channel.pid)?.peakKb) || 0),
    get alive() {
      return alive;
    },
    close: async () => {
      channel.kill();
      await exited.promise;
      await Promise.all(channel.output.map((stream) => stream.closed || once(stream, 'close')));
    },
  };
}

function outOfMemory(): Outcome {
  return failure('crashed', 'Runtime.ExitError', 'Runtime exited with error: signal: killed (out of memory)');
}

function toOutcome(reply: Extract<Reply, { type: 'returned' | 'threw' }>): Outcome {
  if (reply.type === 'threw') return { kind: 'threw', error: reply.error };
  const limit = 6 * 1024 * 1024;
  const size = Buffer.byteLength(reply.payload);
  if (size <= limit) return { kind: 'returned', payload: JSON.parse(reply.payload) };
  return failure(
    'threw',
    'Function.ResponseSizeTooLarge',
    `Response payload size (${size} bytes) exceeded maximum allowed payload size (${limit} bytes).`,
  );
}
