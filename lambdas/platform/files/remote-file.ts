import type { Clock } from '../../domain/clock.ts';
import { RetryableError } from '../../domain/errors.ts';
import type { RemoteFile } from '../../domain/file.ts';
import { FileChanged } from '../../domain/file-changed.ts';
import { NothingThere, PassingTrouble, type Range, type RangeSource } from './range-source.ts';

/** How long trouble may last without a byte in between. */
const PATIENCE_MS = 10_000;
const FIRST_PAUSE_MS = 500;

/** Adds patience to a range source: an attempt that fails is repeated for ten seconds, a cut stream is taken up again. */
export function remoteFile(source: RangeSource, clock: Clock): RemoteFile {
  return {
    async stat(signal) {
      const patience = startPatience(clock, signal);
      for (;;) {
        try {
          return await source.stat(signal);
        } catch (error) {
          await patience.bear(error);
        }
      }
    },
    read: (range, signal) => readOn(source, range, signal, clock),
  };
}

async function* readOn(
  source: RangeSource,
  { version, offset, end = Number.POSITIVE_INFINITY }: Range,
  signal: AbortSignal,
  clock: Clock,
): AsyncGenerator<Uint8Array> {
  const upTo = end === Number.POSITIVE_INFINITY ? {} : { end };
  let patience = startPatience(clock, signal);
  let at = offset;
  while (at < end) {
    try {
      for await (const chunk of await source.open({ version, offset: at, ...upTo }, signal)) {
        const wanted = chunk.subarray(0, end - at);
        at += wanted.length;
        patience = startPatience(clock, signal);
        yield wanted;
        if (at >= end) return;
      }
      if (end === Number.POSITIVE_INFINITY) return;
      throw new PassingTrouble(new RetryableError('Connection reset'));
    } catch (error) {
      if (error instanceof NothingThere) return await confirmEnd(source, { version, ...upTo }, signal);
      await patience.bear(error);
    }
  }
}

/** A file that ends before `offset` is complete only if it is still the same and no more was asked for. */
async function confirmEnd(source: RangeSource, range: Omit<Range, 'offset'>, signal: AbortSignal): Promise<void> {
  if (range.end !== undefined || (await source.stat(signal)).version !== range.version) throw new FileChanged();
}

/**
 * Waits a while after passing trouble, longer each time; throws what is final, or has lasted too long. Another attempt
 * is made only if one as slow as the last would still be in time: whoever executes is waiting for an answer.
 */
function startPatience(clock: Clock, signal: AbortSignal): { bear(error: unknown): Promise<void> } {
  let began = clock.now();
  const until = began + PATIENCE_MS;
  let pause = FIRST_PAUSE_MS;
  return {
    async bear(error) {
      signal.throwIfAborted();
      if (!(error instanceof PassingTrouble)) throw error;
      const wait = Math.max(pause, error.retryAfterMs);
      const now = clock.now();
      if (now + wait + (now - began) > until) throw error.verdict;
      await clock.sleep(wait, signal);
      signal.throwIfAborted();
      pause *= 2;
      began = clock.now();
    },
  };
}
