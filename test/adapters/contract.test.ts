import { expect, test } from '@jest/globals';
import { adapters } from '../../lambdas/adapters/registry.ts';
import { type AdapterSample, itBehavesLikeAnAdapter } from '../support/adapter-contract.ts';
import { chainControlsFile, type Edits, laneClosuresFile } from '../support/feeds/caltrans-file.ts';
import { passesFile, restricted } from '../support/feeds/passes-file.ts';

/** By id of the adapter: each in the registry has one. */
const samples: Readonly<Record<string, AdapterSample>> = {
  'ca-chain-controls': chainControls(),
  'ca-lane-closures': laneClosures(),
  'wa-mountain-passes': mountainPasses(),
  'co-work-zones': workZones(),
  'us-weather-alerts': weatherAlerts(),
  'us-earthquakes': earthquakes(),
};

test('every adapter has a sample, and every sample an adapter', () => {
  expect(Object.keys(samples)).toEqual(adapters.map(({ id }) => id));
});

test('each of these feeds always has something: nothing at all is never "all clear"', () => {
  expect(adapters.filter(({ mayBeEmpty }) => mayBeEmpty)).toEqual([]);
});

for (const adapter of adapters) {
  const sample = samples[adapter.id];
  if (sample !== undefined) itBehavesLikeAnAdapter(adapter, sample);
}

function chainControls(): AdapterSample {
  const rows: Edits[] = [
    {},
    { 'statusData.status': 'R-2', 'statusData.statusDescription': 'Chains are required.' },
    { 'statusData.status': '-118.871500', 'location.latitude': 'Not Reported', 'location.longitude': 'Not Reported' },
  ];
  const published = (recordTime: string) =>
    chainControlsFile(rows.map((row) => ({ ...row, 'recordTimestamp.recordTime': recordTime })));
  return {
    body: published('12:01:03'),
    republished: published('12:03:04'),
    empty: chainControlsFile([]),
    listedAs: 'data',
  };
}

function laneClosures(): AdapterSample {
  const rows: Edits[] = [
    {},
    { 'closure.code1097.isCode1097': 'true' },
    { 'closure.code1097.isCode1097': 'true', 'closure.code1098.isCode1098': 'true' },
    { 'closure.code1022.isCode1022': '' },
  ];
  const published = (recordEpoch: string) =>
    laneClosuresFile(rows.map((row) => ({ ...row, 'recordTimestamp.recordEpoch': recordEpoch })));
  return {
    body: published('1768539183'),
    republished: published('1768539483'),
    empty: laneClosuresFile([]),
    listedAs: 'data',
  };
}

function mountainPasses(): AdapterSample {
  const rows = [{}, restricted('Pass Closed'), restricted('No restrictions', 'Chains required.'), restricted('')];
  return { body: passesFile(rows), empty: passesFile([]) };
}

function workZones(): AdapterSample {
  const core = { event_type: 'work-zone', data_source_id: '1', direction: 'southbound', road_names: ['CO-7'] };
  const [from, to] = [
    [-105.2, 40],
    [-105.3, 40],
  ];
  const zone = {
    core_details: core,
    start_date: '2026-01-15T13:00:00Z',
    end_date: '2026-01-16T23:00:00Z',
    vehicle_impact: 'some-lanes-closed',
    location_method: 'unknown',
  };
  const line = { type: 'LineString', coordinates: [from, to] };
  const features = [
    { type: 'Feature', id: 'a', geometry: line, properties: zone },
    { type: 'Feature', id: 'b', geometry: { ...line, type: 'MultiPoint' }, properties: { ...zone, lanes: [] } },
    { type: 'Feature', id: 'c', geometry: line, properties: { ...zone, vehicle_impact: 'odd' } },
  ];
  const published = (minute: string, listed: readonly object[] = features) => {
    const feed_info = { version: '4.2', publisher: 'CDOT', update_date: `2026-01-15T20:${minute}:03Z` };
    return collection({ feed_info, features: listed });
  };
  return { body: published('01'), republished: published('06'), empty: published('01', []), listedAs: 'features' };
}

function weatherAlerts(): AdapterSample {
  const sent = { status: 'Actual', sent: '2026-01-15T12:00:00-08:00', event: 'Winter Storm Warning' };
  const times = { onset: '2026-01-15T14:00:00-08:00', ends: '2026-01-16T10:00:00-08:00' };
  const references = [{ identifier: 'urn:oid:2.49.0.1.840.0.1' }];
  const features = [
    { geometry: null, properties: { ...sent, ...times, id: 'a', messageType: 'Alert', severity: 'Severe' } },
    { geometry: null, properties: { ...sent, id: 'b', messageType: 'Update', severity: 'Odd', references } },
    { geometry: { type: 'Point', coordinates: [-120, 39] }, properties: { ...sent, id: 'c', messageType: 'Cancel' } },
  ];
  const published = (minute: string, listed: readonly object[] = features) =>
    collection({ updated: `2026-01-15T20:${minute}:03+00:00`, features: listed });
  return { body: published('01'), republished: published('03'), empty: published('01', []), listedAs: 'features' };
}

function earthquakes(): AdapterSample {
  const time = Date.UTC(2026, 0, 15, 19);
  const geometry = { type: 'Point', coordinates: [-116.7, 33.65, 14.36] };
  const features = [
    { id: 'ci1', properties: { time, mag: 5.3, ids: ',ci1,us2,', title: 'M 5.3 - Idyllwild' }, geometry },
    { id: 'nc7', properties: { time, mag: null, status: 'deleted' }, geometry: null },
  ];
  const published = (generated: number, listed: readonly object[] = features) =>
    collection({ metadata: { generated }, features: listed });
  const [body, republished] = [published(time + 60_000), published(time + 120_000)];
  return { body, republished, empty: published(time, []), listedAs: 'features' };
}

function collection(members: object): Uint8Array {
  return Buffer.from(JSON.stringify({ type: 'FeatureCollection', ...members }));
}
