import type { Adapter, FeedPart, ParsedPart, ParsedRecord } from './adapter.ts';
import { digestOf } from './digest-of.ts';
import type { PartState } from './feed-health.ts';
import type { FeedAnswer, FetchPart } from './fetch-part.ts';
import { UpstreamFault, unreadable } from './upstream-fault.ts';

/** What became of a part in a poll. */
export type PartReading =
  /** Upstream says that it is what it was, which is what `state` says. */
  | { readonly kind: 'unchanged'; readonly partId: string; readonly state: PartState; readonly latencyMs: number }
  | {
      readonly kind: 'read';
      readonly partId: string;
      readonly state: PartState;
      readonly records: readonly ParsedRecord[];
      readonly unreadRows: number;
      readonly latencyMs: number;
    }
  | { readonly kind: 'failed'; readonly partId: string; readonly fault: UpstreamFault };

type Read = Extract<PartReading, { kind: 'read' }>;

export type ReadingDeps = {
  readonly fetch: FetchPart;
  readonly now: () => number;
  /** Fires when the poll's time is over. */
  readonly signal: AbortSignal;
  /** Told what an adapter threw that it should not have. */
  readonly onBug: (error: unknown) => void;
};

/** What a store takes as one item, with room for what is kept beside it. */
const MAX_RECORD_CHARACTERS = 256 * 1024;
const MAX_ID_BYTES = 1024;
/** What is longer is no validator but a nuisance: health is a small item. */
const MAX_VALIDATOR_CHARACTERS = 80;

/** Asks for one part and reads it; faults are readings too. */
export async function readPart(
  adapter: Adapter,
  part: FeedPart,
  state: PartState | undefined,
  deps: ReadingDeps,
): Promise<PartReading> {
  const partId = part.id;
  const asked = deps.now();
  try {
    const answer = await ask(part, state, deps);
    const latencyMs = Math.max(0, deps.now() - asked);
    if (answer.kind === 'unchanged' && state !== undefined) return { kind: 'unchanged', partId, state, latencyMs };
    if (answer.kind === 'unchanged') throw unreadable('HTTP 304 from upstream, to an unconditional request');
    return { kind: 'read', partId, ...readBody(adapter, part, answer, deps.now()), latencyMs };
  } catch (error) {
    return { kind: 'failed', partId, fault: faultOf(error, adapter, deps) };
  }
}

function ask({ url, headers = {}, maxBytes }: FeedPart, state: PartState | undefined, deps: ReadingDeps) {
  const { etag, lastModified } = state ?? {};
  return deps.fetch({ url, headers, maxBytes, signal: deps.signal, etag, lastModified });
}

function readBody(
  adapter: Adapter,
  part: FeedPart,
  answer: Extract<FeedAnswer, { kind: 'body' }>,
  now: number,
): Pick<Read, 'state' | 'records' | 'unreadRows'> {
  const { records, publishedAt, unreadRows = 0 } = adapter.parse(answer.body, part);
  refuseUnusable(adapter, { records, publishedAt }, now);
  const { etag, lastModified } = answer;
  const state = {
    ...(isValidator(etag) && { etag }),
    ...(isValidator(lastModified) && { lastModified }),
    digest: partDigest(records),
    records: new Set(records.map(({ recordId }) => recordId)).size,
    publishedAt,
  };
  return { state, records, unreadRows };
}

function refuseUnusable(adapter: Adapter, { records, publishedAt }: ParsedPart, now: number): void {
  if (records.length === 0 && !adapter.mayBeEmpty) {
    throw new UpstreamFault('upstream_empty', 'UPSTREAM_EMPTY', 'no records from upstream, which always has some');
  }
  if (publishedAt !== null && now - publishedAt > adapter.maxFeedAgeSeconds * 1000) {
    const since = new Date(publishedAt).toISOString();
    throw new UpstreamFault('upstream_stale', 'UPSTREAM_STALE', `upstream has not been updated since ${since}`);
  }
  const unfit = records.find(({ recordId }) => recordId === '' || Buffer.byteLength(recordId) > MAX_ID_BYTES);
  if (unfit !== undefined) throw unreadable('a record whose id is empty or longer than 1 KB');
  if (records.some((record) => JSON.stringify(record).length > MAX_RECORD_CHARACTERS)) {
    throw new UpstreamFault('upstream_too_large', 'UPSTREAM_TOO_LARGE', 'a record larger than 256 KB');
  }
}

/** The order in which upstream lists its records means nothing. */
function partDigest(records: readonly ParsedRecord[]): string {
  return digestOf(records.map(digestOf).sort());
}

function isValidator(text: string | undefined): text is string {
  return text !== undefined && text.length <= MAX_VALIDATOR_CHARACTERS;
}

function faultOf(error: unknown, { deadlineSeconds }: Adapter, { signal, onBug }: ReadingDeps): UpstreamFault {
  if (error instanceof UpstreamFault) return error;
  if (signal.aborted) {
    const message = `no complete answer from upstream within ${deadlineSeconds} s`;
    return new UpstreamFault('upstream_timeout', 'UPSTREAM_TIMEOUT', message);
  }
  onBug(error);
  return new UpstreamFault('internal_failure', 'INTERNAL_ERROR', 'the feed could not be read', { cause: error });
}
