import { RunFailure } from '../../domain/errors.ts';
import type { FeedAnswer, FeedRequest, FetchPart } from '../../domain/feeds/fetch-part.ts';
import { tooLarge, UpstreamFault } from '../../domain/feeds/upstream-fault.ts';
import { retryAfterMs } from '../../domain/retry-after.ts';
import { ConnectionFailure } from '../http/connection-failure.ts';
import type { GuardedClient, HttpAnswer } from '../http/guarded-client.ts';

/** Large files are made while one waits; a poll's own deadline is what ends it. */
const ANSWER_WITHIN_MS = 60_000;

type Options = {
  readonly client: GuardedClient;
  /** Where feeds are read instead, `<mirror>/<host>/<path>`; empty: at their own addresses. */
  readonly mirror: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
};

/** The feeds' way out, through the guarded client. */
export function fetchPart({ client, mirror, now }: Options): FetchPart {
  return async (request) => {
    try {
      const answer = await client.request({
        method: 'GET',
        url: mirrored(request.url, mirror),
        headers: headersOf(request),
        answerWithinMs: ANSWER_WITHIN_MS,
        signal: request.signal,
      });
      return await answerOf(answer, request.maxBytes, now());
    } catch (error) {
      if (request.signal.aborted) throw request.signal.reason;
      throw faultOf(error);
    }
  };
}

function mirrored(url: string, mirror: string): string {
  if (mirror === '') return url;
  const { host, pathname, search } = new URL(url);
  return `${mirror}/${host}${pathname}${search}`;
}

function headersOf({ headers, etag, lastModified }: FeedRequest): Record<string, string> {
  return {
    'accept-encoding': 'gzip',
    ...headers,
    ...(etag !== undefined && { 'if-none-match': etag }),
    ...(lastModified !== undefined && { 'if-modified-since': lastModified }),
  };
}

async function answerOf(answer: HttpAnswer, maxBytes: number, now: number): Promise<FeedAnswer> {
  const { status, headers } = answer;
  if (status === 200) {
    const body = await wholeBody(answer, maxBytes);
    const { etag, 'last-modified': lastModified } = headers;
    return { kind: 'body', body, ...(etag && { etag }), ...(lastModified && { lastModified }) };
  }
  await answer.discard();
  if (status === 304) return { kind: 'unchanged' };
  const waitMs = retryAfterMs(headers['retry-after'], now);
  throw new UpstreamFault(
    'upstream_http_failure',
    `UPSTREAM_HTTP_${status}`,
    `HTTP ${status} from upstream`,
    waitMs === undefined ? {} : { retryAt: now + waitMs },
  );
}

async function wholeBody(answer: HttpAnswer, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body) {
    size += chunk.byteLength;
    if (size > maxBytes) throw tooLarge(`more than ${maxBytes} bytes from upstream`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/** Neither message names more of an address than its host: the rest may hold a key. */
function faultOf(error: unknown): unknown {
  if (error instanceof ConnectionFailure) {
    return error.trouble === 'timeout'
      ? new UpstreamFault('upstream_timeout', 'UPSTREAM_TIMEOUT', error.message, { cause: error })
      : new UpstreamFault('upstream_network_failure', 'UPSTREAM_NETWORK', error.message, { cause: error });
  }
  if (error instanceof RunFailure) {
    return new UpstreamFault('upstream_network_failure', 'UPSTREAM_NETWORK', error.message, { cause: error });
  }
  return error;
}
