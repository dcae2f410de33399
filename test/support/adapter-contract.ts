import { isDeepStrictEqual } from 'node:util';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { Adapter, FeedPart, ParsedPart } from '../../lambdas/domain/feeds/adapter.ts';
import { type PartReading, readPart } from '../../lambdas/domain/feeds/read-part.ts';
import { expectCompleteRecord } from './expect-complete-record.ts';
import { oddRows } from './odd-rows.ts';

export type AdapterSample = {
  /** A whole answer of upstream for one part, with records that differ in all that records can differ in. */
  readonly body: Uint8Array;
  /**
   * The same, published again a poll later: nothing in it has changed but the time of publication. Absent only where a
   * feed has no times but those of its records.
   */
  readonly republished?: Uint8Array;
  /** A whole answer that has not a single record. */
  readonly empty: Uint8Array;
  /** The member of the answer that lists its rows; absent where the answer is the list. */
  readonly listedAs?: string;
};

/** What the longest call of the poller has time for, and the pause between two polls (`docs/how-to/add-an-adapter.md`). */
const LONGEST_POLL_SECONDS = 135;
const PAUSE_SECONDS = 15;
const KEY = 'a key/with?marks&';

/** What every adapter promises (`lambdas/domain/feeds/adapter.ts`). */
export function itBehavesLikeAnAdapter(adapter: Adapter, sample: AdapterSample): void {
  const parts = adapter.parts(adapter.needsSecret ? KEY : undefined);
  const part = parts[0] as FeedPart;
  const parse = (body = sample.body) => adapter.parse(body, part);

  describe(`${adapter.id} behaves like an adapter`, () => {
    afterEach(() => void jest.useRealTimers());

    test('says who it is and leaves time between its polls', () => {
      expect(adapter.id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(adapter.jurisdiction).toMatch(/^US(-[A-Z]{2})?$/);
      expect(adapter.feedType).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(adapter.intervalSeconds).toBeGreaterThanOrEqual(60);
      expect(adapter.deadlineSeconds).toBeLessThanOrEqual(
        Math.min(LONGEST_POLL_SECONDS, adapter.intervalSeconds - PAUSE_SECONDS),
      );
      expect(adapter.maxFeedAgeSeconds).toBeGreaterThan(adapter.intervalSeconds);
    });

    test('has parts with names of their own, read by HTTPS, of a limited size', () => {
      expect(new Set(parts.map(({ id }) => id)).size).toBe(parts.length);
      for (const { id, url, maxBytes, headers = {} } of parts) {
        expect(id).not.toBe('');
        expect(new URL(url).protocol).toBe('https:');
        expect(maxBytes).toBeGreaterThan(sample.body.byteLength);
        expect(Object.keys(headers)).toEqual(Object.keys(headers).map((name) => name.toLowerCase()));
      }
    });

    test('hands on its key, if it needs one', () => {
      for (const { url, headers = {} } of parts) {
        const said = [...new URL(url).searchParams.values(), ...Object.values(headers)];
        expect(said.some((text) => text.includes(KEY))).toBe(adapter.needsSecret);
      }
    });

    test('reads its sample into records that are complete', () => {
      const { records } = parse();
      expect(records.length).toBeGreaterThan(1);
      const ids = records.flatMap(({ recordId, aliases = [] }) => [recordId, ...aliases]);
      expect(new Set(ids).size).toBe(ids.length);
      for (const record of records) expectCompleteRecord(record);
    });

    test.each([
      ['null', null],
      ['a number', 5],
      ['a text', 'row'],
      ['an object without anything', {}],
      ['a list', []],
    ])('reads all other rows beside %s, and says that one was not read', (_, odd) => {
      const { records, unreadRows = 0 } = parse();
      expect(parse(withRows(sample, (rows) => [odd, ...rows]))).toMatchObject({ records, unreadRows: unreadRows + 1 });
    });

    test('reads all other rows as before beside one of which any member is odd', async () => {
      const { records, publishedAt } = parse();
      const problems: string[] = [];
      for (const [name, odd] of oddRows(firstRow(sample))) {
        const reading = await read(
          withRows(sample, (rows) => [...rows, odd]),
          publishedAt ?? 0,
        );
        const known = new Map(reading.kind === 'read' ? reading.records.map((one) => [one.recordId, one]) : []);
        if (!records.every((one) => isDeepStrictEqual(known.get(one.recordId), one))) problems.push(name);
      }
      expect(problems).toEqual([]);
    });

    test('takes a row that is there twice for one', async () => {
      const { records, publishedAt } = parse();
      const twice = withRows(sample, (rows) => [...rows, ...rows]);
      expect(await read(twice, publishedAt ?? 0)).toMatchObject({ kind: 'read', records });
    });

    test('takes an answer without a record for what it is', async () => {
      const reading = await read(sample.empty, publicationOf(parse()));
      const refused = { kind: 'failed', fault: { outcome: 'upstream_empty' } };
      expect(reading).toMatchObject(adapter.mayBeEmpty ? { kind: 'read', records: [] } : refused);
    });

    test('is told from a feed that has frozen by its own time of publication', async () => {
      const { publishedAt } = parse();
      if (publishedAt === null) return;
      const limit = publishedAt + adapter.maxFeedAgeSeconds * 1000;
      expect(await read(sample.body, limit)).toMatchObject({ kind: 'read' });
      expect(await read(sample.body, limit + 1)).toMatchObject({ fault: { outcome: 'upstream_stale' } });
    });

    test('says the same of the same bytes at any time', () => {
      jest.useFakeTimers({ now: Date.UTC(2020, 1, 29) });
      const before = parse();
      jest.setSystemTime(Date.UTC(2040, 6, 1));
      expect(parse()).toEqual(before);
    });

    if (sample.republished !== undefined) {
      test('says the same of what has only been published again', () => {
        const [before, after] = [parse(), parse(sample.republished)];
        expect(after.records).toEqual(before.records);
        expect(after.publishedAt).toBeGreaterThan(before.publishedAt as number);
      });
    }

    test.each([
      ['nothing', ''],
      ['HTML', '<!DOCTYPE html><html><body><h1>Down for maintenance</h1></body></html>'],
      ['an object without anything', '{}'],
      ['a list without anything', '[]'],
      ['a list of other things', '[1, "two", null, {}, []]'],
      ['null', 'null'],
      ['a text', '"OK"'],
      ['an error', '{"Message": "Invalid key", "status": 403}'],
      ['what is no list where one should be', '{"data": {}, "type": "FeatureCollection", "features": null}'],
      ['lists of other things', '{"data": [{}, 1], "type": "FeatureCollection", "features": [{}, 1]}'],
    ])('takes %s for a fault of upstream', async (_, body) => {
      await expectFault(Buffer.from(body));
    });

    test('takes an answer for a fault of upstream that was cut off', async () => {
      for (const share of [0.1, 0.5, 0.9, 0.999]) {
        await expectFault(sample.body.subarray(0, Math.floor(sample.body.byteLength * share) - 2));
      }
    });
  });

  function read(body: Uint8Array, now: number): Promise<PartReading> {
    const { signal } = new AbortController();
    const onBug = (error: unknown) => {
      throw error;
    };
    return readPart(adapter, part, undefined, {
      fetch: async () => ({ kind: 'body', body }),
      now: () => now,
      signal,
      onBug,
    });
  }

  async function expectFault(body: Uint8Array): Promise<void> {
    const outcome = expect.stringMatching(/^upstream_(parse_failure|empty)$/);
    expect(await read(body, publicationOf(parse()))).toMatchObject({ kind: 'failed', fault: { outcome } });
  }
}

function firstRow({ body, listedAs }: AdapterSample): unknown {
  const answer = JSON.parse(Buffer.from(body).toString('utf8'));
  return (listedAs === undefined ? answer : answer[listedAs])[0];
}

function withRows(
  { body, listedAs }: AdapterSample,
  change: (rows: readonly unknown[]) => readonly unknown[],
): Uint8Array {
  const answer = JSON.parse(Buffer.from(body).toString('utf8'));
  const changed = listedAs === undefined ? change(answer) : { ...answer, [listedAs]: change(answer[listedAs]) };
  return Buffer.from(JSON.stringify(changed));
}

function publicationOf({ publishedAt }: ParsedPart): number {
  return publishedAt ?? Date.UTC(2026, 0, 15);
}
