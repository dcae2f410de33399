import { createHash } from 'node:crypto';
import type { HttpRequest, HttpResponse } from '../engine/http-service.ts';
import { caChainControls } from './feeds/ca-chain-controls.ts';
import { caLaneClosures } from './feeds/ca-lane-closures.ts';
import { coWorkZones } from './feeds/co-work-zones.ts';
import { usEarthquakes } from './feeds/us-earthquakes.ts';
import { usWeatherAlerts } from './feeds/us-weather-alerts.ts';
import { waMountainPasses } from './feeds/wa-mountain-passes.ts';
import { HOUR_MS, MINUTE_MS } from './made-up.ts';
import type { ReplayFeed, TroubleKind } from './replay-feed.ts';

type Request = Pick<HttpRequest, 'target' | 'headers'>;

/** An answer, and how long upstream takes for it. */
export type TimedAnswer = { readonly delayMs: number; readonly response: HttpResponse };

const feeds: readonly ReplayFeed[] = [
  caChainControls,
  caLaneClosures,
  waMountainPasses,
  coWorkZones,
  usWeatherAlerts,
  usEarthquakes,
];
const byFile = new Map(feeds.flatMap((feed) => feed.files.map((file) => [file, feed] as const)));

/** What upstreams answer to `/<host>/<path>` at that instant (milliseconds since the epoch); null: nothing is there. */
export function answerAt(now: number, { target, headers }: Request): TimedAnswer | null {
  const { pathname, searchParams } = new URL(target, 'http://replay.invalid');
  const file = pathname.slice(1);
  const feed = byFile.get(file);
  if (feed === undefined) return null;
  const { access, contentType } = feed;
  if (access && searchParams.get(access.param) !== access.key) {
    const { status, body } = access.refusal;
    return { delayMs: 0, response: { status, headers: { 'content-type': contentType }, body } };
  }
  return inTrouble(troubleAt(now, feed, file), { now, feed, file, headers });
}

type Asked = Pick<HttpRequest, 'headers'> & {
  readonly now: number;
  readonly feed: ReplayFeed;
  readonly file: string;
};

function troubleAt(now: number, { troubles }: ReplayFeed, file: string): TroubleKind | undefined {
  const minute = Math.floor(now / MINUTE_MS) % 30;
  const found = troubles.find(({ minutes: [from, until], file: befallen = file }) => {
    return befallen === file && minute >= from && minute < until;
  });
  return found?.kind;
}

function inTrouble(trouble: TroubleKind | undefined, asked: Asked): TimedAnswer {
  switch (trouble?.name) {
    case 'refused': {
      const { status, retryAfterSeconds } = trouble;
      const retry = retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) };
      return { delayMs: 0, response: { status, headers: { 'content-type': 'text/plain', ...retry }, body: 'sorry' } };
    }
    case 'web page': {
      const body = '<!doctype html><title>Maintenance</title><p>We will be back soon.';
      return { delayMs: 0, response: { status: 200, headers: { 'content-type': 'text/html' }, body } };
    }
    case 'frozen':
      return { delayMs: 0, response: fileAt(asked.now - trouble.hours * HOUR_MS, asked) };
    case 'slow':
      return { delayMs: trouble.seconds * 1000, response: fileAt(asked.now, asked) };
    case undefined:
      return { delayMs: 0, response: fileAt(asked.now, asked) };
  }
}

/** The file as it was last made at that instant, or a 304 to a client that has it. */
function fileAt(instant: number, { feed, file, headers: asked }: Asked): HttpResponse {
  const madeAt = Math.floor(instant / feed.madeEveryMs) * feed.madeEveryMs;
  const body = Buffer.from(feed.bodyAt(madeAt, file));
  const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"`;
  const headers = { etag, 'last-modified': new Date(madeAt).toUTCString() };
  if (isKnown(asked, etag, madeAt)) return { status: 304, headers, body: '' };
  return { status: 200, headers: { ...headers, 'content-type': feed.contentType }, body };
}

/** The tag decides where the client has one. */
function isKnown(asked: Asked['headers'], etag: string, madeAt: number): boolean {
  const tag = asked['if-none-match'];
  return tag === undefined ? Date.parse(asked['if-modified-since'] ?? '') >= madeAt : tag === etag;
}
