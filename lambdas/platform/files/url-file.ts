import { RetryableError } from '../../domain/errors.ts';
import type { FileFacts } from '../../domain/file.ts';
import { FileChanged } from '../../domain/file-changed.ts';
import { retryAfterMs } from '../../domain/retry-after.ts';
import { ConnectionFailure } from '../http/connection-failure.ts';
import type { GuardedClient, HttpAnswer } from '../http/guarded-client.ts';
import {
  connectionFailed,
  NothingThere,
  PassingTrouble,
  type Range,
  type RangeSource,
  statusTrouble,
} from './range-source.ts';

/** First contact has to be over within execute's waiting time, retries included. */
const ANSWER_WITHIN_MS = 8_000;

type Headers = HttpAnswer['headers'];

/**
 * A file behind an address, read by range requests. A server that ignores `Range` works too, at a price: it sends
 * everything from the beginning each time, and what lies before the offset is read and thrown away.
 *
 * The version is the strong ETag, else all of weak ETag, Last-Modified and size that there is. With the size alone,
 * a change that keeps it goes unnoticed.
 */
export function urlFile(client: GuardedClient, url: string, now: () => number): RangeSource {
  const get = (headers: Record<string, string>, signal: AbortSignal) =>
    attempt(() => client.request({ method: 'GET', url, headers, answerWithinMs: ANSWER_WITHIN_MS, signal }), signal);

  return {
    async stat(signal) {
      // Not HEAD: many servers, and every presigned URL, answer that otherwise than GET.
      const answer = await get({ range: 'bytes=0-0' }, signal);
      await answer.discard();
      const { status, headers } = answer;
      if (status === 416) return factsOf(headers, contentRange(headers)?.total);
      if (status === 206) return factsOf(headers, contentRange(headers)?.total);
      if (status === 200) return { ...factsOf(headers, wholeSize(headers)), isSequential: true };
      throw troubleOf(answer, now());
    },
    async open(range, signal) {
      const answer = await get(rangeHeaders(range), signal);
      try {
        const skipped = bytesBefore(answer, range, now());
        return bytesOf(answer, skipped, signal);
      } catch (error) {
        await answer.discard();
        throw error;
      }
    },
  };
}

function rangeHeaders({ version, offset, end }: Range): Record<string, string> {
  const range = `bytes=${offset}-${end === undefined ? '' : end - 1}`;
  return version.startsWith('"') ? { range, 'if-match': version } : { range };
}

/** How many bytes of the answer come before the range. Throws unless it is an answer of the wanted version. */
function bytesBefore(answer: HttpAnswer, { version, offset }: Range, now: number): number {
  const { status, headers } = answer;
  if (status === 206) {
    const range = contentRange(headers);
    if (range?.first !== offset) throw connectionFailed('the server sent another range than was asked for');
    if (versionOf(headers, range.total) !== version) throw new FileChanged();
    return 0;
  }
  if (status !== 200) throw troubleOf(answer, now);
  const size = wholeSize(headers);
  if (versionOf(headers, size) !== version) throw new FileChanged();
  if (size !== undefined && offset >= size) throw new NothingThere();
  return offset;
}

async function* bytesOf(answer: HttpAnswer, skipped: number, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  let left = skipped;
  try {
    for await (const chunk of answer.body) {
      const wanted = chunk.subarray(Math.min(left, chunk.length));
      left -= chunk.length - wanted.length;
      if (wanted.length > 0) yield wanted;
    }
  } catch (error) {
    throw connectionTrouble(error, signal);
  }
}

function factsOf(headers: Headers, size: number | undefined): FileFacts {
  if (size === undefined) throw connectionFailed('the server does not tell the size of the file');
  return { version: versionOf(headers, size), size };
}

function versionOf(headers: Headers, size: number | undefined): string {
  if (isCompressed(headers)) throw connectionFailed('the server sends the file compressed, although asked not to');
  const { etag, 'last-modified': modified } = headers;
  if (etag?.startsWith('"')) return etag;
  return [etag, modified, `${size} bytes`].filter((part) => part !== undefined).join(', ');
}

function isCompressed(headers: Headers): boolean {
  return !['', 'identity'].includes(headers['content-encoding'] ?? '');
}

function contentRange(headers: Headers): { first: number | undefined; total: number | undefined } | undefined {
  const parts = /^bytes (?:(\d+)-(\d+)|\*)\/(\d+|\*)$/.exec(headers['content-range'] ?? '');
  if (parts === null) return undefined;
  const number = (text: string | undefined) => (text === undefined || text === '*' ? undefined : Number(text));
  const [first, last, total] = [number(parts[1]), number(parts[2]), number(parts[3])];
  // A range beyond the end that it names itself is invalid (RFC 9110, 14.4): believing it would end the file early.
  if (last !== undefined && total !== undefined && last >= total)
    throw connectionFailed('its Content-Range contradicts itself');
  return { first, total };
}

function wholeSize(headers: Headers): number | undefined {
  const length = headers['content-length'];
  return length !== undefined && /^\d+$/.test(length) ? Number(length) : undefined;
}

async function attempt<T>(request: () => Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    return await request();
  } catch (error) {
    throw connectionTrouble(error, signal);
  }
}

function connectionTrouble(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted || !(error instanceof ConnectionFailure)) return error;
  return error.mendable
    ? new PassingTrouble(new RetryableError(error.message, { cause: error }))
    : connectionFailed(error.message, error);
}

function troubleOf({ status, headers }: HttpAnswer, now: number): Error {
  return statusTrouble(status, { retryAfterMs: retryAfterMs(headers['retry-after'], now) });
}
