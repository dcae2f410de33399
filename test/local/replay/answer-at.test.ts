import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { adapters } from '../../../lambdas/adapters/registry.ts';
import type { Adapter, FeedPart, ParsedRecord } from '../../../lambdas/domain/feeds/adapter.ts';
import { answerAt } from '../../../local/replay/answer-at.ts';
import { replayKeys } from '../../../local/replay/replay-keys.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** A full hour, in summer. Each half hour has the same troubles. */
const noon = Date.UTC(2026, 6, 1, 12);
const minutes = Array.from({ length: 60 }, (_, minute) => minute);
/** Nothing goes wrong then, with any feed. */
const GOOD = 29;

const keyOf = ({ id }: Adapter) => Object.entries(replayKeys).find(([adapterId]) => adapterId === id)?.[1].value;
const adapterOf = (id: string) => adapters.find((adapter) => adapter.id === id) as Adapter;
const partsOf = (adapter: Adapter) => adapter.parts(keyOf(adapter));
const targetOf = ({ url }: FeedPart) => url.replace('https:/', '');

function askFor(part: FeedPart, now: number, headers = {}) {
  const answer = answerAt(now, { target: targetOf(part), headers });
  if (answer === null) throw new Error(`nothing at ${part.url}`);
  return answer;
}

function readAt(now: number, adapter: Adapter, part: FeedPart) {
  const { status, body } = askFor(part, now).response;
  expect(status).toBe(200);
  return adapter.parse(Buffer.from(body), part);
}

const first = (id: string, at = 0): readonly [Adapter, FeedPart] => {
  const adapter = adapterOf(id);
  return [adapter, partsOf(adapter)[at] as FeedPart];
};

describe.each(adapters.map((adapter) => [adapter.id, adapter] as const))('%s', (_id, adapter) => {
  test('has all parts, which say what they should, whatever the time of the year', () => {
    for (const day of [0, 90.3, 180.4, 270.6]) {
      const now = noon + GOOD * MINUTE + Math.floor(day * 48) * (HOUR / 2);
      for (const part of partsOf(adapter)) {
        const { records, publishedAt } = readAt(now, adapter, part);
        expect(records.length).toBeGreaterThan(0);
        expect(new Set(records.map(({ recordId }) => recordId)).size).toBe(records.length);
        const age = now - (publishedAt ?? 0);
        expect(age).toBeGreaterThanOrEqual(0);
        expect(age).toBeLessThan(adapter.maxFeedAgeSeconds * 1000);
      }
    }
  });

  test('its records appear, change and disappear within an hour', () => {
    const found = { appeared: 0, changed: 0, gone: 0 };
    let before: readonly ParsedRecord[] = [];
    for (const minute of minutes) {
      const after = partsOf(adapter).flatMap((part) => readableAt(noon + minute * MINUTE, adapter, part));
      if (after.length === 0) continue;
      const kept = after.map((record) => before.find((known) => isSame(known, record)));
      found.appeared += before.length === 0 ? 0 : kept.filter((known) => known === undefined).length;
      found.changed += kept.filter((known, at) => known && !isDeepStrictEqual(known, after[at])).length;
      found.gone += before.filter((known) => !kept.includes(known)).length;
      before = after;
    }
    expect(found.changed).toBeGreaterThan(0);
    // Checkpoints and passes are always the same ones.
    if (!['ca-chain-controls', 'wa-mountain-passes'].includes(adapter.id)) {
      expect(found.appeared).toBeGreaterThan(0);
      expect(found.gone).toBeGreaterThan(0);
    }
  });

  test('says the same whenever it is asked for the same instant', () => {
    for (const part of partsOf(adapter)) {
      expect(askFor(part, noon + GOOD * MINUTE)).toEqual(askFor(part, noon + GOOD * MINUTE));
    }
  });

  test('has a 304 for whoever has the file, until it is made anew', () => {
    const [part] = partsOf(adapter) as [FeedPart];
    const now = noon + GOOD * MINUTE;
    const { etag = '', 'last-modified': modified = '' } = askFor(part, now).response.headers;
    expect(askFor(part, now + 1000, { 'if-none-match': etag }).response).toMatchObject({ status: 304, body: '' });
    expect(askFor(part, now + 1000, { 'if-modified-since': modified }).response.status).toBe(304);
    expect(askFor(part, now + HOUR, { 'if-none-match': etag }).response.status).toBe(200);
    expect(askFor(part, now + HOUR, { 'if-modified-since': modified }).response.status).toBe(200);
  });
});

/** Upstreams give a thing another id, and tell of it. */
function isSame({ recordId }: ParsedRecord, later: ParsedRecord): boolean {
  return later.recordId === recordId || (later.aliases ?? []).includes(recordId);
}

/** Nothing where there is trouble of any kind. */
function readableAt(now: number, adapter: Adapter, part: FeedPart): readonly ParsedRecord[] {
  try {
    const { response } = askFor(part, now);
    if (response.status !== 200) return [];
    const { records, publishedAt } = adapter.parse(Buffer.from(response.body), part);
    return now - (publishedAt ?? 0) < adapter.maxFeedAgeSeconds * 1000 ? records : [];
  } catch {
    return [];
  }
}

test('alerts are refused for some minutes, and it says when to come back', () => {
  const [, part] = first('us-weather-alerts');
  const statuses = minutes.map((minute) => askFor(part, noon + minute * MINUTE).response.status);
  const refused = minutes.filter((minute) => statuses[minute] === 503);
  expect(refused).toEqual([4, 5, 6, 7, 8, 34, 35, 36, 37, 38]);
  expect(askFor(part, noon + 4 * MINUTE).response.headers).toMatchObject({ 'retry-after': '60' });
});

test('one district of chain controls is down, and the others are not', () => {
  const parts = partsOf(adapterOf('ca-chain-controls'));
  const down = parts.filter((part) => askFor(part, noon + 12 * MINUTE).response.status === 500);
  expect(down.map(({ id }) => id)).toEqual(['district-3']);
});

test('one district of lane closures, and earthquakes, are slow, and come', () => {
  const delays = (id: string, minute: number) =>
    partsOf(adapterOf(id)).map((part) => askFor(part, noon + minute * MINUTE).delayMs);
  expect(delays('ca-lane-closures', 3)).toEqual([0, 0, 0, 0, 0, 0, 12_000, 0, 0, 0, 0, 0]);
  expect(delays('us-earthquakes', 12)).toEqual([20_000]);
  expect(delays('us-earthquakes', 18)).toEqual([0]);
});

test('passes are a web page behind a 200', () => {
  const [adapter, part] = first('wa-mountain-passes');
  expect(() => readAt(noon + 16 * MINUTE, adapter, part)).toThrow('a web page or XML came instead of JSON');
  expect(() => readAt(noon + 22 * MINUTE, adapter, part)).not.toThrow();
});

test('work zones are two hours old behind a 200', () => {
  const [adapter, part] = first('co-work-zones');
  const publishedAt = (minute: number) => readAt(noon + minute * MINUTE, adapter, part).publishedAt;
  expect(publishedAt(21)).toBe(noon + 20 * MINUTE);
  expect(publishedAt(22)).toBe(noon + 22 * MINUTE - 2 * HOUR);
  expect(publishedAt(28)).toBe(noon + 28 * MINUTE);
});

test('each trouble lasts for a whole interval of its adapter, or no poll might meet it', () => {
  for (const adapter of adapters) {
    const part = partsOf(adapter).find((one) => minutes.some((minute) => isTrouble(adapter, one, minute)));
    const lasts = minutes.filter((minute) => minute < 30 && part && isTrouble(adapter, part, minute)).length;
    expect(lasts * 60).toBeGreaterThanOrEqual(adapter.intervalSeconds);
  }
});

function isTrouble(adapter: Adapter, part: FeedPart, minute: number): boolean {
  const now = noon + minute * MINUTE;
  return askFor(part, now).delayMs > 0 || readableAt(now, adapter, part).length === 0;
}

test.each([
  ['wa-mountain-passes', 200, 'no list of passes from upstream: is the access code still valid?'],
  ['co-work-zones', 403, undefined],
])('%s without the right key is answered as by the real one: %i', (id, status, fault) => {
  const adapter = adapterOf(id);
  const [part] = adapter.parts('another key') as [FeedPart];
  const { response } = askFor(part, noon + GOOD * MINUTE);
  expect(response.status).toBe(status);
  if (fault !== undefined) expect(() => adapter.parse(Buffer.from(response.body), part)).toThrow(fault);
});

test('what no feed has is not there', () => {
  expect(answerAt(noon, { target: '/example.com/feed.json', headers: {} })).toBeNull();
});
