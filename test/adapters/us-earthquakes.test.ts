import { expect, test } from '@jest/globals';
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
])('%j is %s', (properties, severity) => {
  expect(read(feed(quake('a', properties))).records[0]).toMatchObject({ severity });
});

test('what networks leave out is null; what was no earthquake after all is cancelled', () => {
  const bare = { id: 'a', properties: { time: 1 } };
  const [first, second] = read(feed(bare, quake('b', { status: 'deleted' }, [null, null, 3]))).records;
  expect(first).toMatchObject({ title: 'earthquake, place unknown', geometry: null, severity: 'unknown' });
  expect(second).toMatchObject({ status: 'cancelled', geometry: null });
});

test('a feed that does not say when it was made has no time of publication', () => {
  expect(read({ ...feed(quake('a')), metadata: {} }).publishedAt).toBeNull();
});
