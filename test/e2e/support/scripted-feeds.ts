import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type TestFeed, testBody } from '../../support/feeds/test-adapter.ts';
import { type WebServer, webServer } from '../../support/web-server.ts';

/** A feed says when it was published: unless a test says otherwise, when the test began. */
const publishedAt = Date.now();

type Told = { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string };

/** What a part of a feed is answered with: content under an ETag, a status, something else, or nothing ever. */
type FeedAnswer = TestFeed | number | Told | 'hangs';

export type ScriptedFeeds = WebServer & {
  /** By `<adapter>/<part>`. */
  readonly answers: Map<string, FeedAnswer>;
  /** `<adapter>/<part> <status>` of each request, in order. */
  readonly asked: string[];
};

/** The upstream of the feeds in test/support/feeds/test-registry.ts. */
export async function scriptedFeeds(): Promise<ScriptedFeeds> {
  const server = await webServer((request, response) => answer(request, response, feeds));
  const feeds: ScriptedFeeds = { ...server, answers: new Map(), asked: [] };
  return feeds;
}

function answer({ url = '', headers }: IncomingMessage, response: ServerResponse, feeds: ScriptedFeeds): void {
  const part = url.replace('/feeds.test/', '');
  const told = toldOf(feeds.answers.get(part) ?? 404, headers['if-none-match']);
  feeds.asked.push(`${part} ${told === 'hangs' ? told : told.status}`);
  if (told !== 'hangs') response.writeHead(told.status, told.headers).end(told.body);
}

function toldOf(answer: FeedAnswer, known: string | undefined): Told | 'hangs' {
  if (answer === 'hangs') return answer;
  if (typeof answer === 'number') return { status: answer };
  if ('status' in answer) return answer;
  const body = Buffer.from(testBody({ publishedAt, ...answer })).toString('utf8');
  const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 8)}"`;
  return known === etag ? { status: 304 } : { status: 200, headers: { etag }, body };
}
