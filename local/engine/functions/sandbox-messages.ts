import type { FunctionError } from './outcome.ts';

/** What a sandbox is started with. */
export type SandboxSettings = {
  readonly file: string;
  readonly exportName: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMb: number;
  readonly logGroup: string;
};

/** To the sandbox: one invocation. `deadline` is in epoch milliseconds. */
export type Invoke = { readonly requestId: string; readonly event: string; readonly deadline: number };

/** From the sandbox: once when it is initialised, then once per invocation; payloads are JSON text. */
export type Reply =
  | { readonly type: 'ready' }
  | { readonly type: 'failed-init'; readonly error: FunctionError }
  | { readonly type: 'returned'; readonly requestId: string; readonly payload: string; readonly peakKb: number }
  | { readonly type: 'threw'; readonly requestId: string; readonly error: FunctionError; readonly peakKb: number };
