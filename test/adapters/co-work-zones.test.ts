import { describe, expect, test } from '@jest/globals';
import { coWorkZones } from '../../lambdas/adapters/co-work-zones.ts';
import type { FeedPart } from '../../lambdas/domain/feeds/adapter.ts';

const [part] = coWorkZones.parts('a key&more') as [FeedPart];
const core = { event_type: 'work-zone', data_source_id: '1', direction: 'southbound', road_names: ['CO-7'] };
const zone = (id: string, properties: object = {}) => ({
  id,
  type: 'Feature',
  geometry: {
    type: 'LineString',
    coordinates: [
      [-105.2, 40],
      [-105.3, 40],
    ],
  },
  properties: {
    core_details: core,
    start_date: '2025-08-08T13:00:00Z',
    end_date: '2025-08-08T23:00:00Z',
    vehicle_impact: 'some-lanes-closed',
    location_method: 'unknown',
    ...properties,
  },
});
const read = (features: unknown[], info: object = {}) =>
  coWorkZones.parse(
    Buffer.from(
      JSON.stringify({
        type: 'FeatureCollection',
        feed_info: { version: '4.2', publisher: 'CDOT', update_date: '2025-08-08T14:00:00Z', ...info },
        features,
      }),
    ),
    part,
  );

test('the key is a part of the address, and nothing of it escapes', () => {
  expect(new URL(part.url).searchParams.get('apiKey')).toBe('a key&more');
});

test('a work zone', () => {
  expect(read([zone('a', { ending_milepost: 49.5 })])).toMatchObject({
    publishedAt: Date.parse('2025-08-08T14:00:00Z'),
    records: [
      {
        recordId: 'a',
        title: 'CO-7 southbound: work-zone, some-lanes-closed',
        status: 'active',
        severity: 'moderate',
        geometry: { type: 'LineString' },
        startsAt: Date.parse('2025-08-08T13:00:00Z'),
        properties: { road_names: ['CO-7'], ending_milepost: 49.5, lanes: [] },
      },
    ],
  });
});

test.each([
  ['2025-08-08T12:00:00Z', 'scheduled'],
  ['2025-08-08T14:00:00Z', 'active'],
  ['2025-08-09T00:00:00Z', 'completed'],
])('published at %s it is %s', (update_date, status) => {
  expect(read([zone('a')], { update_date }).records[0]).toMatchObject({ status });
});

test('what an older feed says itself counts', () => {
  const said = ['planned', 'pending', 'active', 'completed', 'cancelled', 'odd', 'constructor'];
  const { records } = read(said.map((event_status) => zone(event_status, { event_status })));
  expect(records.map(({ status }) => status)).toEqual([
    'scheduled',
    'scheduled',
    'active',
    'completed',
    'cancelled',
    'unknown',
    'unknown',
  ]);
});

test('works that are over or called off close nothing', () => {
  const closed = { vehicle_impact: 'all-lanes-closed' };
  const said = ['completed', 'cancelled'].map((event_status) => zone(event_status, { ...closed, event_status }));
  expect(read([...said, zone('a', closed)]).records.map(({ severity }) => severity)).toEqual([
    'none',
    'none',
    'severe',
  ]);
  const past = read([zone('a', closed)], { update_date: '2025-08-09T00:00:00Z' }).records;
  expect(past[0]).toMatchObject({ status: 'completed', severity: 'none' });
});

test.each([
  ['all-lanes-closed', 'severe'],
  ['some-lanes-closed-merge-left', 'moderate'],
  ['flagging', 'moderate'],
  ['all-lanes-open-shift-right', 'minor'],
  ['unknown', 'unknown'],
])('%s is %s', (vehicle_impact, severity) => {
  expect(read([zone('a', { vehicle_impact })]).records[0]).toMatchObject({ severity });
});

test('a feature without what the specification requires comes out as unknown, with the reason', () => {
  const good = ['a', 'b', 'c', 'd'].map((id) => zone(id));
  const { records } = read([...good, zone('bad', { start_date: '2025-08-08 13:00' })]);
  expect(records.at(-1)).toMatchObject({
    recordId: 'bad',
    status: 'unknown',
    properties: { problem: 'properties.start_date: is not an instant (RFC 3339)' },
  });
});

test('many of them are a broken feed', () => {
  const odd = zone('b', { core_details: { ...core, road_names: [] } });
  expect(() => read([zone('a'), odd, odd])).toThrow(
    '2 of 3 rows from upstream are not understood: properties.core_details.road_names',
  );
});

test('what it can do without costs no feature when it is odd', () => {
  const odd = { lanes: 'all', beginning_milepost: '49.5', work_zone_type: null, types_of_work: {} };
  expect(read([zone('a', odd)]).records[0]).toMatchObject({
    status: 'active',
    properties: { lanes: [], beginning_milepost: null, work_zone_type: null, types_of_work: [] },
  });
});

test('a feed of another version is not read', () => {
  const problem = 'the feed has another shape: feed_info.version: is not 4.x';
  expect(() => read([zone('a')], { version: '3.1' })).toThrow(problem);
});

describe('a feed that does not say when it was made', () => {
  const sources = ['2025-08-08T13:59:00Z', '2025-08-08T12:00:00Z', 'noon'].map((update_date) => ({ update_date }));
  const touched = zone('a', { core_details: { ...core, update_date: '2025-08-07T10:00:00Z' } });

  test.each(['yesterday', '2025-08-08 14:00:00', null, 1.7e12])(
    '(%j) is as old as its newest source',
    (update_date) => {
      const info = { update_date, data_sources: sources };
      expect(read([touched], info).publishedAt).toBe(Date.parse('2025-08-08T13:59:00Z'));
    },
  );

  test('nor when its sources were updated is as old as its newest feature', () => {
    expect(read([touched, zone('b')], { update_date: '' }).publishedAt).toBe(Date.parse('2025-08-07T10:00:00Z'));
  });

  test('nor anything else is not trusted', () => {
    expect(() => read([zone('a')], { update_date: '' })).toThrow('nothing from upstream says when it was made');
  });
});
