import { expect, test } from '@jest/globals';
import { usWeatherAlerts } from '../../lambdas/adapters/us-weather-alerts.ts';
import type { FeedPart } from '../../lambdas/domain/feeds/adapter.ts';

const [part] = usWeatherAlerts.parts(undefined) as [FeedPart];
const alert = (id: string, properties: object = {}, geometry: unknown = null) => ({
  geometry,
  properties: {
    id,
    status: 'Actual',
    messageType: 'Alert',
    sent: '2019-12-20T13:34:00-08:00',
    event: 'Flood Watch',
    severity: 'Severe',
    ...properties,
  },
});
const read = (...features: unknown[]) =>
  usWeatherAlerts.parse(
    Buffer.from(JSON.stringify({ type: 'FeatureCollection', updated: '2019-12-20T21:35:17+00:00', features })),
    part,
  );

test('an alert for zones has no geometry, and lasts until its event ends, not until its message expires', () => {
  const times = {
    onset: '2019-12-20T14:00:00-08:00',
    expires: '2019-12-21T05:30:00-08:00',
    ends: '2019-12-22T10:00:00-08:00',
  };
  expect(read(alert('a', { ...times, geocode: { UGC: ['ORZ001'] } }))).toMatchObject({
    publishedAt: Date.parse('2019-12-20T21:35:17Z'),
    records: [
      {
        recordId: 'a',
        title: 'Flood Watch',
        status: 'active',
        severity: 'severe',
        geometry: null,
        startsAt: Date.parse('2019-12-20T22:00:00Z'),
        endsAt: Date.parse('2019-12-22T18:00:00Z'),
        properties: { ugc: ['ORZ001'], expires: '2019-12-21T05:30:00-08:00' },
      },
    ],
  });
});

test('without an end, the message is all that is known to end', () => {
  const [record] = read(alert('a', { ends: null, expires: '2019-12-21T05:30:00-08:00' })).records;
  expect(record?.endsAt).toBe(Date.parse('2019-12-21T13:30:00Z'));
});

test('an update replaces what it references, and carries their ids on', () => {
  const update = alert('b', { messageType: 'Update', references: [{ identifier: 'a' }, { identifier: 'older' }] });
  const { records } = read(alert('a'), update, alert('c'));
  expect(records.map(({ recordId, aliases }) => [recordId, aliases])).toEqual([
    ['b', ['a', 'older']],
    ['c', []],
  ]);
});

test('a cancellation cancels; tests and drafts are no alerts', () => {
  const { records } = read(
    alert('a', { messageType: 'Cancel' }),
    alert('b', { status: 'Test' }),
    alert('c', { status: 'Exercise' }),
    alert('d', { status: 'Draft' }),
  );
  expect(records.map(({ recordId, status }) => [recordId, status])).toEqual([['a', 'cancelled']]);
});

test('a severity that is not known is unknown, never none', () => {
  expect(read(alert('a', { severity: 'Odd' })).records[0]?.severity).toBe('unknown');
});

test('a polygon is passed on as it is', () => {
  const polygon = {
    type: 'Polygon',
    coordinates: [
      [
        [-1, 2],
        [-3, 2],
        [-3, 4],
        [-1, 2],
      ],
    ],
  };
  expect(read(alert('a', {}, polygon)).records[0]?.geometry).toEqual(polygon);
});
