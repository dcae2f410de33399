import { setTimeout as sleep } from 'node:timers/promises';
import type { LambdaFunction } from '../functions/lambda-function.ts';

/** Invokes a function without waiting for it. */
export type AsyncInvoke = (functionArn: string, event: unknown) => void;

export type AsyncInvoker = { readonly invoke: AsyncInvoke; close(): void };

type Deps = {
  readonly functions: ReadonlyMap<string, LambdaFunction>;
  /** How often a failed invocation of that function is repeated. */
  readonly retriesOf: (functionArn: string) => number;
  readonly log: (line: string) => void;
};

/** Lambda waits a minute before it repeats a failed asynchronous invocation, and two before it does so again. */
const RETRY_DELAYS_MS = [60_000, 120_000];

/** Asynchronous invocation, with Lambda's retries; an event that fails to the last is dropped, and said to be. */
export function createAsyncInvoker({ functions, retriesOf, log }: Deps, delaysMs = RETRY_DELAYS_MS): AsyncInvoker {
  const closing = new AbortController();
  const run = async (functionArn: string, event: unknown): Promise<void> => {
    const retries = retriesOf(functionArn);
    for (let attempt = 0; !closing.signal.aborted; attempt += 1) {
      const outcome = await functions.get(functionArn)?.invoke(event);
      if (!outcome || outcome.kind === 'returned' || closing.signal.aborted) return;
      if (attempt >= retries)
        return log(`event dropped after ${attempt + 1} attempts: ${functionArn}: ${outcome.error.errorType}`);
      await sleep(delaysMs[attempt] ?? delaysMs.at(-1), undefined, { signal: closing.signal });
    }
  };
  return {
    invoke: (functionArn, event) => {
      run(functionArn, event).catch((error: unknown) => {
        if (!closing.signal.aborted) log(`asynchronous invocation of ${functionArn}: ${String(error)}`);
      });
    },
    close: () => closing.abort(),
  };
}
