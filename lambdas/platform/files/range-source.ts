import { RunFailure } from '../../domain/errors.ts';
import type { FileFacts } from '../../domain/file.ts';
import { FileChanged } from '../../domain/file-changed.ts';

/** Bytes of one version, from `offset` to `end` (exclusive; absent: to the end of the file). */
export type Range = { readonly version: string; readonly offset: number; readonly end?: number };

/**
 * One attempt at a file, without patience. Both throw `RunFailure` for what is final, `PassingTrouble` for what may
 * mend itself, and `open` throws `NothingThere` when the range begins at or after the end of the file.
 */
export type RangeSource = {
  stat(signal: AbortSignal): Promise<FileFacts>;
  open(range: Range, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
};

/** It may work the next time; `verdict` is what to throw when patience is at its end. */
export class PassingTrouble extends Error {
  override readonly name = 'PassingTrouble';
  readonly verdict: Error;
  readonly retryAfterMs: number;

  constructor(verdict: Error, retryAfterMs = 0) {
    super(verdict.message, { cause: verdict });
    this.verdict = verdict;
    this.retryAfterMs = retryAfterMs;
  }
}

export class NothingThere extends Error {
  override readonly name = 'NothingThere';
}

/** A file that is published anew may be missing for a moment. */
export function notFound(cause?: unknown): RunFailure {
  return new RunFailure('refused', 'Wrapper file not found', { cause, mayMend: true });
}

export function connectionFailed(why: string, cause?: unknown): RunFailure {
  return new RunFailure('refused', `Data source connection failed: ${why}`, { cause });
}

/** What an HTTP status that is no success means for a run; `PassingTrouble` when it may mend itself. */
export function statusTrouble(
  status: number,
  options: { cause?: unknown; retryAfterMs?: number | undefined } = {},
): Error {
  const { cause, retryAfterMs } = options;
  if (status === 404 || status === 410) return notFound(cause);
  if (status === 401 || status === 403) return connectionFailed(`HTTP ${status}`, cause);
  if (status === 412) return new FileChanged(cause);
  if (status === 416) return new NothingThere();
  const mayMend = status >= 500 || [408, 425, 429].includes(status);
  const failure = new RunFailure('failed', `HTTP ${status} from source`, { cause, mayMend });
  return mayMend ? new PassingTrouble(failure, retryAfterMs) : failure;
}
