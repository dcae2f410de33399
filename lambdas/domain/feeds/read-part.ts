import type { Adapter, FeedPart, ParsedRecord } from './adapter.ts';
import { CLOCKS_DIFFER_MS } from './clocks-differ.ts';
import { digestOf } from './digest-of.ts';
import type { PartState } from './feed-health.ts';
import type { FeedAnswer, FetchPart } from './fetch-part.ts';
import { numberRepeated } from './number-repeated.ts';
import { refuseUnusable } from './refuse-unusable.ts';
import { defective, UpstreamFault, unreadable } from './upstream-fault.ts';

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
      /** What is amiss with it all the same, for people. */
      readonly doubts: readonly string[];
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
    if (answer.kind === 'unchanged') {
      if (!hasValidator(state)) throw unreadable('HTTP 304 from upstream, to an unconditional request');
      return { kind: 'unchanged', partId, state, latencyMs };
    }
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
): Omit<Read, 'kind' | 'partId' | 'latencyMs'> {
  const parsed = adapter.parse(answer.body, part);
  refuseUnusable(adapter, parsed, now);
  const { publishedAt, unreadRows = 0 } = parsed;
  const records = numberRepeated(parsed.records);
  const isAhead = publishedAt !== null && publishedAt > now + CLOCKS_DIFFER_MS;
  const state = {
    // Without a validator it is read, and told of, until its time is right.
    ...(!isAhead && validatorsOf(answer)),
    digest: partDigest(records),
    records: records.length,
    publishedAt: isAhead ? null : publishedAt,
  };
  const doubts = [
    ...(unreadRows > 0 ? [`${unreadRows} of ${unreadRows + records.length} rows can not be told apart`] : []),
    ...(isAhead ? [`published at ${new Date(publishedAt).toISOString()}, which is to come`] : []),
  ];
  return { state, records, unreadRows, doubts };
}

/** The order in which upstream lists its records means nothing. */
function partDigest(records: readonly ParsedRecord[]): string {
  return digestOf(records.map(digestOf).sort());
}

function validatorsOf({ etag, lastModified }: Pick<PartState, 'etag' | 'lastModified'>) {
  return { ...(isValidator(etag) && { etag }), ...(isValidator(lastModified) && { lastModified }) };
}

/** Only of what was asked for by one can it be said that it has not changed. */
function hasValidator(state: PartState | undefined): state is PartState {
  return state?.etag !== undefined || state?.lastModified !== undefined;
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
  const kind = error instanceof Error ? error.name : typeof error;
  return defective(`the adapter failed with ${kind}, which is a defect of ours`, { cause: error });
}
