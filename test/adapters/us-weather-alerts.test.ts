import { describe, expect, test } from '@jest/globals';
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
const readFeed = (updated: unknown, ...features: unknown[]) =>
  usWeatherAlerts.parse(Buffer.from(JSON.stringify({ type: 'FeatureCollection', updated, features })), part);
const read = (...features: unknown[]) => readFeed('2019-12-20T21:35:17+00:00', ...features);
/** Sent so many minutes after the others, instead of these. */
const replacing = (minutes: number, ids: string[], properties: object = {}) => ({
  messageType: 'Update',
  sent: new Date(Date.parse('2019-12-20T21:34:00Z') + minutes * 60_000).toISOString(),
  references: ids.map((identifier) => ({ identifier })),
  ...properties,
});
const idsOf = ({ records }: ReturnType<typeof read>) => records.map(({ recordId }) => recordId);

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
  const update = alert('b', replacing(1, ['a', 'older']));
  const { records } = read(alert('a'), update, alert('c'));
  expect(records.map(({ recordId, aliases }) => [recordId, aliases])).toEqual([
    ['b', ['a', 'older']],
    ['c', []],
  ]);
});

describe('an alert never vanishes', () => {
  test('when two name each other: the one that was sent last stays', () => {
    expect(idsOf(read(alert('a', replacing(1, ['b'])), alert('b', replacing(2, ['a']))))).toEqual(['b']);
  });

  test('when any number name each other and were sent at once: all stay', () => {
    const ring = [alert('a', replacing(1, ['b'])), alert('b', replacing(1, ['c'])), alert('c', replacing(1, ['a']))];
    expect(idsOf(read(...ring))).toEqual(['a', 'b', 'c']);
  });

  test('when it names itself', () => {
    const { records } = read(alert('a', replacing(1, ['a'])));
    expect(records[0]).toMatchObject({ recordId: 'a', aliases: [] });
  });

  test('when it is not said which was sent last', () => {
    expect(idsOf(read(alert('a', { sent: 'noon' }), alert('b', replacing(1, ['a']))))).toEqual(['a', 'b']);
    expect(idsOf(read(alert('a'), alert('b', replacing(1, ['a'], { sent: null }))))).toEqual(['a', 'b']);
  });

  test('for what is only a test, or may be one', () => {
    expect(idsOf(read(alert('a'), alert('b', replacing(1, ['a'], { status: 'Test' }))))).toEqual(['a']);
    expect(idsOf(read(alert('a'), alert('b', replacing(1, ['a'], { status: 'Odd' })), alert('c')))).toHaveLength(3);
  });
});

test.each([
  ['Actual', 'Alert', 'active', 'severe'],
  ['Actual', 'Update', 'active', 'severe'],
  ['Actual', 'Cancel', 'cancelled', 'none'],
  ['Actual', 'Error', 'cancelled', 'none'],
  // Neither is ever taken for one in force, nor for none.
  ['Actual', 'constructor', 'unknown', 'severe'],
  ['Actual', 'Odd', 'unknown', 'severe'],
  ['Odd', 'Alert', 'unknown', 'severe'],
  [undefined, 'Cancel', 'unknown', 'severe'],
])('status %s, message type %s: %s', (said, messageType, status, severity) => {
  const { records } = read(alert('a', { status: said, messageType }), alert('b'));
  expect(records[0]).toMatchObject({ recordId: 'a', status, severity });
});

test('what takes an alert back is told in its place', () => {
  const { records } = read(alert('a'), alert('b', replacing(5, ['a'], { messageType: 'Error' })));
  expect(records).toMatchObject([{ recordId: 'b', aliases: ['a'], status: 'cancelled' }]);
});

test.each(['Test', 'Exercise', 'System', 'Draft'])('a message of status %s is no alert', (status) => {
  expect(idsOf(read(alert('a'), alert('b', { status })))).toEqual(['a']);
});

test('that a message has come is none either', () => {
  expect(idsOf(read(alert('a'), alert('b', replacing(1, ['a'], { messageType: 'Ack' }))))).toEqual(['a']);
});

test.each(['Odd', 'constructor', '__proto__', '', null, 5])('severity %j is unknown, never none', (severity) => {
  expect(read(alert('a', { severity })).records[0]?.severity).toBe('unknown');
});

test('what can be done without costs no alert when it is odd; what can not, no other alert', () => {
  const odd = { geocode: null, references: 'a', parameters: 5, affectedZones: [1], headline: '', ends: {} };
  const { records, unreadRows } = read(
    alert('a', odd, { type: 'GeometryCollection', geometries: [] }),
    alert('b', { event: null }),
    alert('', {}),
    alert('c'),
  );
  expect(unreadRows).toBe(1);
  expect(records).toMatchObject([
    { recordId: 'a', title: 'Flood Watch', status: 'active', geometry: null, properties: { ugc: [], vtec: [] } },
    { recordId: 'b', status: 'unknown', severity: 'unknown' },
    { recordId: 'c', status: 'active' },
  ]);
});

describe('a feed that does not say when it was made', () => {
  test.each(['yesterday', '2019-12-20 21:35', '+275760-09-13T00:00:00Z', null, 5])(
    '(%j) is as old as the last message in it, whichever that is',
    (updated) => {
      const test = alert('b', { status: 'Test', sent: '2019-12-20T13:40:00-08:00' });
      expect(readFeed(updated, alert('a'), test).publishedAt).toBe(Date.parse('2019-12-20T21:40:00Z'));
    },
  );

  test('nor anything else is not trusted', () => {
    const untold = alert('a', { sent: '' });
    expect(() => readFeed(null, untold)).toThrow('nothing from upstream says when it was made');
  });
});

test('what is no outline is none', () => {
  expect(read(alert('a', {}, { type: 'constructor', coordinates: [1, 2] })).records[0]).toMatchObject({
    status: 'active',
    geometry: null,
  });
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
