import { describe, expect, test } from '@jest/globals';
import { usEarthquakes } from '../../lambdas/adapters/us-earthquakes.ts';
import type { FeedPart } from '../../lambdas/domain/feeds/adapter.ts';

const [part] = usEarthquakes.parts(undefined) as [FeedPart];
const read = (feed: unknown) => usEarthquakes.parse(Buffer.from(JSON.stringify(feed)), part);

const quake = (id: string, properties: object = {}, coordinates: unknown[] = [-116.7, 33.65, 14.36]) => ({
  type: 'Feature',
  id,
  properties: {
    mag: 1.3,
    place: '10km S of Idyllwild, CA',
    time: 1_485_030_412_340,
    status: 'automatic',
    ...properties,
  },
  geometry: { type: 'Point', coordinates },
});
const feed = (...features: unknown[]) => ({
  type: 'FeatureCollection',
  metadata: { generated: 1_485_032_187_000 },
  features,
});

test('an earthquake with all that is told of it', () => {
  const told = {
    ids: ',ci1,us2,',
    sources: ',ci,us,',
    tsunami: 1,
    updated: 1_485_030_630_866,
    title: 'M 1.3 - Idyllwild',
  };
  expect(read(feed(quake('ci1', told)))).toMatchObject({
    publishedAt: 1_485_032_187_000,
    records: [
      {
        recordId: 'ci1',
        aliases: ['us2'],
        title: 'M 1.3 - Idyllwild',
        status: 'completed',
        severity: 'minor',
        geometry: { type: 'Point', coordinates: [-116.7, 33.65] },
        startsAt: 1_485_030_412_340,
        properties: {
          depth_km: 14.36,
          tsunami: true,
          sources: ['ci', 'us'],
          source_updated_at: '2017-01-21T20:30:30Z',
        },
      },
    ],
  });
});

test.each([
  [{ mag: 4.4 }, 'minor'],
  [{ mag: 4.5 }, 'moderate'],
  [{ mag: 6 }, 'severe'],
  [{ mag: 7 }, 'extreme'],
  [{ mag: null }, 'unknown'],
  [{ mag: 7.5, alert: 'green' }, 'minor'],
  [{ mag: 5, alert: 'red' }, 'extreme'],
  [{ mag: 5, alert: 'constructor' }, 'moderate'],
  [{ mag: 7, alert: '__proto__' }, 'extreme'],
  [{ mag: '7' }, 'unknown'],
])('%j is %s', (properties, severity) => {
  expect(read(feed(quake('a', properties))).records[0]).toMatchObject({ severity });
});

test('what networks leave out is null; what was no earthquake after all is cancelled', () => {
  const bare = { id: 'a', properties: { time: 1 } };
  const [first, second] = read(feed(bare, quake('b', { status: 'deleted' }, [null, null, 3]))).records;
  expect(first).toMatchObject({ title: 'earthquake, place unknown', geometry: null, severity: 'unknown' });
  expect(second).toMatchObject({ status: 'cancelled', severity: 'none', geometry: null });
});

test('an earthquake of which nothing is told is one that is not understood; one that is not named is none', () => {
  const { records, unreadRows } = read(feed(quake('a'), { ...quake('b'), properties: null }, quake(''), quake('c')));
  expect(unreadRows).toBe(1);
  expect(records).toMatchObject([
    { recordId: 'a', status: 'completed' },
    { recordId: 'b', status: 'unknown', severity: 'unknown', properties: { row: { id: 'b' } } },
    { recordId: 'c', status: 'completed' },
  ]);
  expect(records[1]?.properties.problem).toMatch(/^properties: /);
});

test('what can be done without costs no earthquake when it is odd', () => {
  const odd = { time: 'noon', felt: 'many', ids: 5, tsunami: '1', updated: 'now', url: {} };
  expect(read(feed(quake('a', odd, [-181, 33, 5]))).records[0]).toMatchObject({
    status: 'completed',
    severity: 'minor',
    startsAt: null,
    geometry: null,
    properties: { felt_reports: null, source_updated_at: null, url: null, depth_km: 5 },
  });
});

test.each([1e300, -1e300, -1, 8.64e15])('a time of %d is none', (time) => {
  const { records, publishedAt } = read({
    ...feed(quake('a', { time, updated: time }), quake('b')),
    metadata: { generated: time },
  });
  expect(records[0]).toMatchObject({ startsAt: null, endsAt: null, properties: { source_updated_at: null } });
  expect(publishedAt).toBe(1_485_030_412_340);
});

describe('a feed that does not say when it was made', () => {
  const updated = 1_485_031_000_000;

  test.each([undefined, null, {}, { generated: null }, { generated: '2017-01-21' }, 5])(
    '(%j) is as old as what it has touched last',
    (metadata) => {
      const { publishedAt } = read({ ...feed(quake('a'), quake('b', { updated }), null), metadata });
      expect(publishedAt).toBe(updated);
    },
  );

  test('nor anything else is not trusted', () => {
    const bare = { ...quake('a', { time: null }) };
    expect(() => read({ ...feed(bare), metadata: {} })).toThrow('nothing from upstream says when it was made');
  });
});
