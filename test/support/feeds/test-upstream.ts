import { createHash } from 'node:crypto';
import type { FetchPart } from '../../../lambdas/domain/feeds/fetch-part.ts';
import { soundWire, type Wire } from '../wire.ts';
import { type TestFeed, testBody } from './test-adapter.ts';

export type TestUpstream = {
  /** What is published, by part; a part that throws does so each time it is asked for. */
  readonly published: Map<string, TestFeed | Uint8Array | Error | 'hangs'>;
  /** The parts asked for, in order; `part (304)` for those that had not changed. */
  readonly asked: string[];
  /** How long an answer takes, in milliseconds: to be waited for by the test's clock. */
  takes: () => Promise<void>;
  over(wire: Wire): FetchPart;
};

/** An upstream that gives each version of a part an ETag. */
export function testUpstream(feeds: Readonly<Record<string, TestFeed>> = {}): TestUpstream {
  const upstream: TestUpstream = {
    published: new Map(Object.entries(feeds)),
    asked: [],
    takes: async () => undefined,
    over: (wire) => (request) => wire('upstream', () => answer(upstream, request)),
  };
  return upstream;
}

export function fetchFrom(upstream: TestUpstream): FetchPart {
  return upstream.over(soundWire);
}

const answer = async (upstream: TestUpstream, request: Parameters<FetchPart>[0]): ReturnType<FetchPart> => {
  const partId = new URL(request.url).pathname.slice(1);
  const at = upstream.asked.push(partId) - 1;
  await upstream.takes();
  const published = upstream.published.get(partId);
  if (published === undefined) throw new Error(`nothing is published for ${partId}`);
  if (published instanceof Error) throw published;
  if (published === 'hangs') return new Promise((_, reject) => request.signal.addEventListener('abort', reject));
  const body = published instanceof Uint8Array ? published : testBody(published);
  const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 8)}"`;
  if (request.etag !== etag) return { kind: 'body', body, etag };
  upstream.asked[at] = `${partId} (304)`;
  return { kind: 'unchanged' };
};
