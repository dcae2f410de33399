import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Clock } from '../../../lambdas/domain/clock.ts';
import { type JsonValue, parseJson } from '../../../lambdas/domain/json.ts';
import type { SourceBatch, SourceRecord } from '../../../lambdas/domain/source.ts';
import { type BeforeCommit, type Consumer, consume, newConsumer, readAgain } from '../../support/consumer.ts';
import { seededRandom } from '../../support/random.ts';
import { plain } from '../../support/read-source.ts';
import { openApi } from '../../support/upstream/open-api.ts';
import { type Fault, startUpstream, type Upstream } from '../../support/upstream/upstream.ts';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-03-10T12:00:00Z');

let upstream: Upstream;
beforeAll(async () => {
  upstream = await startUpstream();
});
beforeEach(() => {
  upstream.records = [];
  upstream.requests.length = 0;
  upstream.fault = undefined;
});
afterAll(() => upstream.close());

/** So many hours before noon. */
const at = (hours: number) => new Date(NOW - hours * HOUR).toISOString();
const record = (id: number, hours: number) => ({ id, updated_at: at(hours) });
const ids = (records: readonly SourceRecord[]) =>
  records.map((found) => ('rejected' in found ? found.rejected : found.fields.get('id')));
const sorted = (consumer: Consumer) => ids(consumer.records).toSorted((a, b) => Number(a) - Number(b));
const clockAt = (now: number): Clock => ({ now: () => now, sleep: async () => undefined });

type Settings = {
  readonly incremental?: Record<string, unknown>;
  readonly now?: number;
  readonly path?: string;
};

const windows = { from_param: 'from', to_param: 'to', step: 'PT3H' };

function open({ incremental = windows, now = NOW, path = '/page' }: Settings = {}) {
  return openApi(
    {
      request: { url: `${upstream.url}${path}` },
      pagination: path === '/all' ? { type: 'none' } : { type: 'page', param: 'page' },
      records: '$.data[*]',
      incremental: { cursor_field: 'updated_at', ...incremental },
    },
    { clock: clockAt(now) },
  );
}

const asked = () => upstream.requests.map(({ url }) => new URL(url, upstream.url).searchParams);
const bounds = () => asked().map((query) => `${query.get('from') ?? '-'}/${query.get('to') ?? '-'}`);

describe('history', () => {
  beforeEach(() => {
    upstream.records = [9, 8, 7, 5, 3, 1, 0].map((hours, index) => record(index + 1, hours));
  });

  test('is read backwards in windows that join, until one has nothing; then comes a look forward', async () => {
    const consumer = newConsumer();
    await consume(open(), consumer, { batchSize: 100 });
    expect(ids(consumer.records)).toEqual([5, 6, 7, 4, 1, 2, 3]);
    expect([...new Set(bounds())]).toEqual([
      `2026-03-10T09:00:00Z/-`,
      `2026-03-10T06:00:00Z/2026-03-10T09:00:00Z`,
      `2026-03-10T03:00:00Z/2026-03-10T06:00:00Z`,
      `2026-03-10T00:00:00Z/2026-03-10T03:00:00Z`,
      `2026-03-10T12:00:00Z/-`,
    ]);
    expect(consumer.marks).toEqual({ phase: 'continuous', high: at(0), low: at(9) });
  });

  test('moves the low mark down and leaves the high one, in batches of its own phase', async () => {
    const consumer = newConsumer();
    await consume(open(), consumer, { batchSize: 2 });
    const seen = consumer.batches.map(({ marks }) => [marks?.phase, marks?.high, marks?.low]);
    expect(seen).toEqual([
      ['historical', at(1), at(3)],
      ['historical', at(0), at(3)],
      ['historical', at(0), at(5)],
      ['historical', at(0), at(9)],
      ['historical', at(0), at(9)],
      ['continuous', at(0), at(9)],
    ]);
  });

  test('ends at its start, and has no gap that an empty window would make', async () => {
    upstream.records = [record(1, 40), record(2, 30), record(3, 0)];
    const consumer = newConsumer();
    await consume(open({ incremental: { ...windows, start: at(35) } }), consumer);
    expect(sorted(consumer)).toEqual([2, 3]);
  });

  test('is found however far back it is', async () => {
    upstream.records = [record(1, 24 * 365 * 3 + 1), record(2, 24 * 365 * 3)];
    const consumer = newConsumer();
    await consume(open(), consumer);
    expect(sorted(consumer)).toEqual([1, 2]);
  });

  test('with a start, has no window that is longer than its step', async () => {
    upstream.records = [record(1, 40), record(2, 30)];
    const consumer = newConsumer();
    await consume(open({ incremental: { ...windows, start: at(48) } }), consumer);
    expect(sorted(consumer)).toEqual([1, 2]);
    const closed = asked().flatMap((query) => (query.get('to') === null ? [] : [query]));
    const lengths = closed.map((query) => Date.parse(query.get('to') ?? '') - Date.parse(query.get('from') ?? ''));
    expect(new Set(lengths)).toEqual(new Set([3 * HOUR]));
  });

  test('is nothing when there is nothing', async () => {
    upstream.records = [];
    const consumer = newConsumer();
    await consume(open(), consumer);
    expect(consumer.batches).toEqual([]);
  });

  test('is one pass without windows', async () => {
    const consumer = newConsumer();
    await consume(open({ incremental: { from_param: 'from', start: at(7) } }), consumer, { batchSize: 100 });
    expect(ids(consumer.records)).toEqual([3, 4, 5, 6, 7]);
    expect(new Set(bounds())).toEqual(new Set(['2026-03-10T05:00:00Z/-', '2026-03-10T12:00:00Z/-']));
  });

  test('is cut by the times of the records, whatever the upstream makes of the bounds', async () => {
    const consumer = newConsumer();
    await consume(open({ incremental: { ...windows, from_param: 'ignored', to_param: 'ignored_too' } }), consumer);
    expect(sorted(consumer)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test.each([-24, 24])('does not depend on a clock that is off by %i hours', async (hours) => {
    const consumer = newConsumer();
    await consume(open({ now: NOW + hours * HOUR }), consumer);
    upstream.records.push(record(8, -1));
    await consume(open({ now: NOW - hours * HOUR }), consumer);
    expect(sorted(consumer)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(consumer.marks).toEqual({ phase: 'continuous', high: at(-1), low: at(9) });
  });
});

describe('from the high mark on', () => {
  const caughtUp = async (settings: Settings = {}) => {
    const consumer = newConsumer();
    await consume(open(settings), consumer, { batchSize: 100 });
    consumer.records.length = 0;
    return consumer;
  };

  test('records at exactly the mark are neither lost nor taken twice', async () => {
    upstream.records = [record(1, 2), record(2, 1), record(3, 1)];
    const consumer = await caughtUp();
    upstream.records.push(record(4, 1), record(5, 1), record(6, 0));
    await consume(open(), consumer);
    expect(ids(consumer.records)).toEqual([4, 5, 6]);
    await consume(open(), consumer);
    expect(ids(consumer.records)).toEqual([4, 5, 6]);
  });

  test('late records are found within the lookback, and no farther', async () => {
    upstream.records = [record(1, 5), record(2, 0)];
    const settings = { incremental: { ...windows, lookback: 'PT2H' } };
    const consumer = await caughtUp(settings);
    upstream.records.unshift(record(3, 1.5), record(4, 4));
    await consume(open(settings), consumer);
    expect(ids(consumer.records)).toEqual([3]);
  });

  test('a record that has changed comes again, although its time is the same', async () => {
    upstream.records = [{ ...record(1, 0), value: 1 }];
    const consumer = await caughtUp();
    upstream.records = [{ ...record(1, 0), value: 2 }];
    await consume(open(), consumer);
    expect(consumer.records.map((found) => ('fields' in found ? found.fields.get('value') : found))).toEqual([2]);
  });

  describe('an answer without news', () => {
    const modified = (minutes: number) => new Date(NOW - HOUR + minutes * 60_000).toUTCString();
    /** Tells its answers apart, and says 304 to whoever has the latest. */
    const versioned =
      (header: string, condition: string, versionOf: (count: number) => string, date = new Date(NOW)): Fault =>
      (request, response) => {
        const version = versionOf(upstream.records.length);
        response.setHeader('date', date.toUTCString()).setHeader(header, version);
        if (request.headers[condition] !== version) return false;
        response.writeHead(304).end();
        return true;
      };
    const look = (method: 'GET' | 'POST' = 'GET') =>
      openApi(
        {
          request: { url: `${upstream.url}/all`, method },
          records: '$.data[*]',
          incremental: { cursor_field: 'updated_at', from_param: 'from' },
        },
        { clock: clockAt(NOW) },
      );
    const conditions = () =>
      upstream.requests.map(({ headers }) => headers['if-none-match'] ?? headers['if-modified-since']);

    test.each([
      ['ETag', 'etag', 'if-none-match', (count: number) => `"v${count}"`],
      ['Last-Modified', 'last-modified', 'if-modified-since', modified],
    ])('is told by its %s, and not written down', async (_, header, condition, versionOf) => {
      upstream.records = [record(1, 0)];
      upstream.fault = versioned(header, condition, versionOf);
      const consumer = newConsumer();
      for (let turn = 0; turn < 4; turn++) await consume(look(), consumer);
      const commits = consumer.batches.length;
      for (let turn = 0; turn < 3; turn++) await consume(look(), consumer);
      expect(consumer.batches).toHaveLength(commits);
      expect(conditions().slice(-5)).toEqual(Array(5).fill(versionOf(1)));
      upstream.records.push(record(2, -1));
      for (let turn = 0; turn < 3; turn++) await consume(look(), consumer);
      expect(ids(consumer.records)).toEqual([1, 2]);
      expect(conditions().at(-1)).toBe(versionOf(2));
    });

    test.each<[string, Fault, 'GET' | 'POST']>([
      [
        'a Last-Modified of the same second, in which more may come',
        versioned('last-modified', 'if-modified-since', modified, new Date(NOW - HOUR + 60_000)),
        'GET',
      ],
      ['a Last-Modified that is no time', versioned('last-modified', 'if-modified-since', () => 'yesterday'), 'GET'],
      ['an ETag for a POST, to which conditions do not apply', versioned('etag', 'if-none-match', () => '"v"'), 'POST'],
    ])('is not told by %s', async (_, fault, method) => {
      upstream.records = [record(1, 0)];
      upstream.fault = fault;
      const consumer = newConsumer();
      for (let turn = 0; turn < 4; turn++) await consume(look(method), consumer);
      expect(conditions().filter((condition) => condition !== undefined)).toEqual([]);
      expect(ids(consumer.records)).toEqual([1]);
    });
  });

  test('what is remembered is forgotten once it can not come again', async () => {
    upstream.records = Array.from({ length: 50 }, (_, index) => record(index, 50 - index));
    const settings = { incremental: { ...windows, lookback: 'PT5H' } };
    const consumer = await caughtUp(settings);
    for (let hour = 1; hour <= 20; hour++) {
      upstream.records.push(record(100 + hour, -hour));
      await consume(open(settings), consumer);
    }
    expect(consumer.records).toHaveLength(20);
    expect(consumer.remembered.size).toBeLessThanOrEqual(7);
  });
});

describe('records that are equal', () => {
  const twin = { updated_at: at(1), value: 7 };
  const other = { updated_at: at(2), value: 1 };
  const settings = { path: '/all', incremental: {} };

  test.each([
    ['alone', [twin, twin]],
    ['before an older one', [twin, twin, other]],
    ['around an older one', [twin, other, twin]],
    ['behind an older one', [other, twin, twin]],
  ])('are delivered as often as they are on a page, and once: %s', async (_, records) => {
    for (const batchSize of [1, 2, 100]) {
      upstream.records = records;
      const consumer = newConsumer();
      // Each batch by another reading.
      for (let turn = 0; turn < 8; turn++) await consume(open(settings), consumer, { batchSize, most: 1 });
      expect(consumer.records).toHaveLength(records.length);
      upstream.records = [...records, twin];
      for (let turn = 0; turn < 2; turn++) await consume(open(settings), consumer, { batchSize });
      expect(consumer.records).toHaveLength(records.length + 1);
    }
  });

  test('are so too when a batch is read again', async () => {
    upstream.records = [other, twin, twin, twin];
    const consumer = newConsumer();
    const check: BeforeCommit = async (batch) => {
      const again = await readAgain(open(settings), consumer, batch);
      expect(again.records.map(plain)).toEqual(batch.records.map(plain));
    };
    for (let turn = 0; turn < 5; turn++)
      await consume(open(settings), consumer, { batchSize: 2, most: 1, before: check });
    expect(consumer.records).toHaveLength(4);
  });

  test('may be one that has moved to the next page', async () => {
    upstream.records = [other, twin, twin];
    let asked = 0;
    upstream.fault = () => {
      // Between two pages one is put in front, so that the last of the first page begins the second.
      if (++asked === 2) upstream.records = [{ updated_at: at(3), value: 2 }, ...upstream.records];
      return false;
    };
    const consumer = newConsumer();
    await consume(open({ incremental: {} }), consumer);
    expect(consumer.records.map((found) => 'fields' in found && found.fields.get('value'))).toEqual([1, 7, 7]);
  });
});

describe('a record that is far ahead of the clock', () => {
  const settings = { path: '/all', incremental: { from_param: 'from' } };

  test('is delivered, but does not hide what comes before it', async () => {
    upstream.records = [record(1, 5), record(2, -24 * 365 * 36)];
    const consumer = newConsumer();
    await consume(open(settings), consumer);
    expect(consumer.marks).toMatchObject({ high: at(5), low: at(5) });
    upstream.records = [...upstream.records, record(3, 1)];
    for (let turn = 0; turn < 3; turn++) await consume(open(settings), consumer);
    expect(ids(consumer.records)).toEqual([1, 2, 3]);
    expect(consumer.marks).toMatchObject({ high: at(1) });
  });

  test('is delivered once, also where there are no others', async () => {
    upstream.records = [record(1, -72)];
    const consumer = newConsumer();
    for (let turn = 0; turn < 3; turn++) await consume(open(settings), consumer);
    expect(ids(consumer.records)).toEqual([1]);
    expect(consumer.marks).toMatchObject({ high: null, low: null });
    upstream.records = [record(1, -72), record(2, 0)];
    for (let turn = 0; turn < 3; turn++) await consume(open(settings), consumer);
    expect(ids(consumer.records)).toEqual([1, 2]);
  });

  test('moves the mark once its time has come', async () => {
    upstream.records = [record(1, 0), record(2, -72)];
    const consumer = newConsumer();
    await consume(open(settings), consumer);
    upstream.records = [...upstream.records, record(3, -60)];
    await consume(open({ ...settings, now: NOW + 72 * HOUR }), consumer);
    expect(ids(consumer.records)).toEqual([1, 2, 3]);
    expect(consumer.marks).toMatchObject({ high: at(-72) });
  });
});

describe('records without a usable time', () => {
  test('are set aside once, with the field', async () => {
    upstream.records = [{ id: 1 }, { id: 2, updated_at: 'soon' }, { id: 3, updated_at: null }, record(4, 0)];
    const consumer = newConsumer();
    const settings = { incremental: { start: at(10) } };
    await consume(open(settings), consumer, { batchSize: 100 });
    await consume(open(settings), consumer, { batchSize: 100 });
    expect(ids(consumer.records)).toEqual([
      'row 1: field "updated_at": has no value',
      'row 2: field "updated_at": "soon" is not a time (iso)',
      'row 3: field "updated_at": has no value',
      4,
    ]);
  });
});

describe('a time that is written with more digits than a float has', () => {
  const exact = (text: string) => parseJson(text) as unknown as JsonValue;
  const readAll = async (format: string, values: readonly JsonValue[]) => {
    upstream.records = values.map((value, index) => ({ id: index + 1, at: value }));
    const consumer = newConsumer();
    await consume(open({ path: '/all', incremental: { cursor_field: 'at', format } }), consumer);
    return consumer;
  };

  test('is read by its digits', async () => {
    const { marks, records } = await readAll('epoch_s', [exact('1700000000.123456789'), exact('1700000001.123456789')]);
    expect(ids(records)).toEqual([1, 2]);
    expect(marks).toMatchObject({ low: '1700000000.123456789', high: '1700000001.123456789' });
  });

  test('or set aside where no calendar has it; so is what is no value at all', async () => {
    const { records } = await readAll('epoch_s', [exact('1700000000123456789'), { toString: 1 }, [1700000000], true]);
    expect(ids(records)).toEqual([
      'row 1: field "at": 1700000000123456789 is not a time (epoch_s)',
      'row 2: field "at": {"toString":1} is not a time (epoch_s)',
      'row 3: field "at": [1700000000] is not a time (epoch_s)',
      'row 4: field "at": true is not a time (epoch_s)',
    ]);
  });

  test('moves the marks apart only, also within a millisecond', async () => {
    const times = ['.123500', '.123900', '.123100', '.123', '.123700'].map((part) => `2026-01-01T00:00:00${part}Z`);
    const { marks } = await readAll('iso', times);
    expect(marks).toMatchObject({ low: '2026-01-01T00:00:00.123Z', high: '2026-01-01T00:00:00.123900Z' });
  });
});

describe('formats of the cursor', () => {
  const NOON = NOW / 1000;
  test.each([
    ['iso', '2026-03-10T11:00:00.5Z', '2026-03-10T11:00:00.500Z'],
    ['date', '2026-03-10', '2026-03-10'],
    ['epoch_s', NOON - 3600, String(NOON - 3600)],
    ['epoch_s', `${NOON - 3600}`, String(NOON - 3600)],
    ['epoch_ms', NOW - HOUR, String(NOW - HOUR)],
    ["dd.MM.yyyy HH:mm 'Uhr'", '10.03.2026 11:00 Uhr', '10.03.2026 11:00 Uhr'],
    ['M/d/yy', '3/10/26', '3/10/26'],
    ["yyyy-MM-dd'T'HH:mm:ssXXX", '2026-03-10T13:00:00+02:00', '2026-03-10T11:00:00Z'],
    ['EEE, d MMM yyyy hh:mm a', 'Tue, 10 Mar 2026 03:30 PM', 'Tue, 10 Mar 2026 03:30 PM'],
  ])('%s is read, and written into the parameter', async (format, value, written) => {
    upstream.records = [{ id: 1, at: value }];
    upstream.fault = undefined;
    const source = openApi(
      {
        request: { url: `${upstream.url}/all` },
        records: '$.data[*]',
        incremental: { cursor_field: 'at', format, from_param: 'since' },
      },
      { clock: clockAt(NOW) },
    );
    const consumer = newConsumer();
    await consume(source, consumer);
    expect(ids(consumer.records)).toEqual([1]);
    expect(consumer.marks?.high).toBe(String(value));
    expect(asked().at(-1)?.get('since')).toBe(written);
  });
});

describe('stopped and resumed', () => {
  const settings = { incremental: { ...windows, lookback: 'PT1H' } };

  test('anywhere, nothing is lost and nothing comes twice', async () => {
    upstream.records = Array.from({ length: 14 }, (_, index) => record(index, (14 - index) / 2));
    const whole = newConsumer();
    await consume(open(settings), whole);
    for (let most = 1; most < whole.batches.length; most++) {
      const consumer = newConsumer();
      await consume(open(settings), consumer, { most });
      await consume(open({ ...settings, now: NOW + HOUR }), consumer);
      expect(sorted(consumer)).toEqual(sorted(whole));
    }
  });

  test('a batch that was sent but not committed is read again as it was', async () => {
    upstream.records = Array.from({ length: 14 }, (_, index) => record(index, (14 - index) / 2));
    const consumer = newConsumer();
    const before = async (batch: SourceBatch) => {
      expect(JSON.stringify(batch.to).length).toBeLessThanOrEqual(1024);
      // Later, by another clock.
      const again = await readAgain(open({ ...settings, now: NOW + 5 * HOUR }), consumer, batch);
      expect({ ...again, records: again.records.map(plain) }).toEqual({ ...batch, records: batch.records.map(plain) });
    };
    await consume(open(settings), consumer, { before });
    upstream.records.push(record(20, -1), record(21, -2), record(22, -6));
    await consume(open({ ...settings, now: NOW + 8 * HOUR }), consumer, { before });
    expect(consumer.records).toHaveLength(17);
  });

  test('a batch that was sent but not committed does not grow with its page', async () => {
    upstream.pageSize = 3;
    upstream.records = [record(1, 1), record(2, 0)];
    const consumer = newConsumer();
    const before = async (batch: SourceBatch) => {
      upstream.records.push(record(10 + upstream.records.length, -1));
      expect(ids((await readAgain(open(settings), consumer, batch)).records)).toEqual(ids(batch.records));
    };
    await consume(open(settings), consumer, { before, batchSize: 100 });
    expect(ids(consumer.batches[0]?.records ?? [])).toEqual([1, 2]);
  });

  test('a first page that fills up meanwhile is not passed over', async () => {
    upstream.pageSize = 3;
    upstream.records = [record(1, 1), record(2, 0)];
    const inOneGo = { incremental: { from_param: 'from', start: at(10) } };
    const consumer = newConsumer();
    await consume(open(inOneGo), consumer, { batchSize: 2, most: 1 });
    upstream.records.push(record(3, -1), record(4, -2), record(5, -3));
    await consume(open(inOneGo), consumer, { batchSize: 2 });
    expect(ids(consumer.records)).toEqual([1, 2, 3, 4, 5]);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('while the upstream grows, at random: seed %i', async (seed) => {
    const random = seededRandom(seed).next;
    let clock = NOW;
    let made = 0;
    const grow = () => {
      const count = Math.floor(random() * 6);
      // Several at the same time, and some a little late.
      for (let index = 0; index < count; index++) {
        made++;
        upstream.records.push({
          id: made,
          updated_at: new Date(clock - Math.floor(random() * 3) * 1000).toISOString(),
        });
      }
      clock += Math.floor(random() * 4) * 1000;
    };
    upstream.pageSize = 1 + Math.floor(random() * 4);
    for (let index = 0; index < 5; index++) grow();
    const consumer = newConsumer();
    const quick = {
      incremental: { ...windows, step: 'PT4S', lookback: 'PT3S', start: new Date(NOW - HOUR / 60).toISOString() },
    };
    const next = () => open({ ...quick, now: clock + (random() < 0.5 ? 60_000 : -60_000) });
    for (let turn = 0; turn < 25; turn++) {
      grow();
      const crash = async (batch: SourceBatch) => {
        if (random() < 0.3) grow();
        if (random() < 0.2) expect(ids((await readAgain(next(), consumer, batch)).records)).toEqual(ids(batch.records));
      };
      await consume(next(), consumer, {
        batchSize: 1 + Math.floor(random() * 5),
        most: Math.floor(random() * 6),
        before: crash,
      });
    }
    await consume(next(), consumer);
    await consume(next(), consumer);
    expect(sorted(consumer)).toEqual(Array.from({ length: made }, (_, index) => index + 1));
  });
});
