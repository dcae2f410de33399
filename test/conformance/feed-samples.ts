import { caChainControls } from '../../lambdas/adapters/ca-chain-controls.ts';
import { caLaneClosures } from '../../lambdas/adapters/ca-lane-closures.ts';
import { coWorkZones } from '../../lambdas/adapters/co-work-zones.ts';
import { usEarthquakes } from '../../lambdas/adapters/us-earthquakes.ts';
import { usWeatherAlerts } from '../../lambdas/adapters/us-weather-alerts.ts';
import { waMountainPasses } from '../../lambdas/adapters/wa-mountain-passes.ts';
import type { Adapter } from '../../lambdas/domain/feeds/adapter.ts';
import type { RecordStatus } from '../../lambdas/domain/feeds/feed-record.ts';

/** A recorded answer of a feed, and its right reading. */
export type FeedSample = {
  readonly adapter: Adapter;
  readonly file: string;
  /** Texts to put in place of others first, and why. */
  readonly edited?: { readonly why: string; readonly texts: Readonly<Record<string, string>> };
  /** How many of each status; none at all where the poll fails for want of them. */
  readonly records: Partial<Record<RecordStatus, number>>;
  /** How many of them have a geometry. */
  readonly located: number;
  /** ISO text in UTC; null where it does not say. */
  readonly publishedAt: string | null;
  /** Ids of those that are in force. */
  readonly active: readonly string[];
  /** By id, when a record begins and ends. */
  readonly times?: Readonly<Record<string, readonly [string | null, string | null]>>;
};

const calm = 'caltrans/ccStatusD03.first17.json';
const storm = 'caltrans/ccStatusD03.SYNTHETIC-storm.json';
const closures = 'caltrans/lcsStatusD10.first6.json';

/** The same file, made at another local time. */
const madeAt = (why: string, date: string, time: string): Pick<FeedSample, 'edited'> => ({
  edited: {
    why,
    texts: {
      '"recordDate": "2026-07-22"': `"recordDate": "${date}"`,
      '"recordTime": "11:33:03"': `"recordTime": "${time}"`,
    },
  },
});
const allCalm = { adapter: caChainControls, file: calm, records: { inactive: 17 }, located: 17, active: [] };

export const feedSamples: readonly FeedSample[] = [
  { ...allCalm, publishedAt: '2026-07-22T18:33:03.000Z' },
  {
    adapter: caChainControls,
    file: storm,
    // One is out of service: what it shows is not believed.
    records: { active: 4, inactive: 12, unknown: 1 },
    located: 17,
    publishedAt: '2026-07-22T18:33:03.000Z',
    active: [
      'district-3/3-ALP-89-23.6-N-237',
      'district-3/3-ED-50-20.18-E-159a',
      'district-3/3-ED-50-23.161-E-161',
      'district-3/3-ED-50-34.3-W-166',
    ],
    times: { 'district-3/3-ALP-89-23.6-N-237': ['2026-05-05T12:58:27.000Z', null] },
  },
  { ...allCalm, ...madeAt('before clocks go back', '2026-11-01', '00:59:59'), publishedAt: '2026-11-01T07:59:59.000Z' },
  { ...allCalm, ...madeAt('the hour there twice', '2026-11-01', '01:30:00'), publishedAt: '2026-11-01T09:30:00.000Z' },
  {
    ...allCalm,
    ...madeAt('after clocks went back', '2026-11-01', '02:00:00'),
    publishedAt: '2026-11-01T10:00:00.000Z',
  },
  {
    adapter: caLaneClosures,
    file: closures,
    records: { completed: 2, cancelled: 3, scheduled: 1 },
    located: 6,
    publishedAt: '2026-09-30T03:53:03.000Z',
    active: [],
    times: {
      // Picked up before its time, and after it.
      'district-10/C4JA-0002-2026-09-29-08:01:00': ['2026-09-29T15:01:00.000Z', '2026-09-29T16:37:24.000Z'],
      'district-10/C4QB-0006-2026-09-29-07:01:00': ['2026-09-29T14:01:00.000Z', '2026-09-29T23:18:31.000Z'],
      'district-10/C4QB-0004-2026-10-02-07:01:00': ['2026-10-02T14:01:00.000Z', '2026-10-02T21:59:00.000Z'],
    },
  },
  {
    adapter: caLaneClosures,
    file: closures,
    edited: {
      why: 'a window across the hour there twice',
      texts: {
        '"closureStartEpoch": "1790949660"': '"closureStartEpoch": "1793521800"',
        '"closureEndEpoch": "1790978340"': '"closureEndEpoch": "1793525400"',
      },
    },
    records: { completed: 2, cancelled: 3, scheduled: 1 },
    located: 6,
    publishedAt: '2026-09-30T03:53:03.000Z',
    active: [],
    // From 01:30 to 01:30, an hour later.
    times: { 'district-10/C4QB-0004-2026-10-02-07:01:00': ['2026-11-01T08:30:00.000Z', '2026-11-01T09:30:00.000Z'] },
  },
  {
    adapter: waMountainPasses,
    file: 'wsdot/GetMountainPassConditionsAsJson.DERIVED-raw-dates.json',
    // Of three passes without restrictions there is "no current information".
    records: { active: 4, inactive: 9, unknown: 3 },
    located: 16,
    publishedAt: '2025-11-15T16:35:05.807Z',
    active: ['pass-2', 'pass-3', 'pass-6', 'pass-7'],
  },
  {
    adapter: coWorkZones,
    file: 'wzdx/cdot_wzdx_production_2025_08_07.trimmed20.geojson',
    records: { scheduled: 18, active: 2 },
    located: 20,
    publishedAt: '2025-08-08T00:03:48.000Z',
    active: ['9ba29357-9d40-5c61-9766-1340c823d23a', '1636dfbb-6c7c-565f-a53f-4fdb5d47cf4d'],
  },
  {
    adapter: coWorkZones,
    file: 'wzdx/scenario1_simple_linestring_example.geojson',
    records: { completed: 5 },
    located: 5,
    publishedAt: '2020-06-18T15:00:00.000Z',
    active: [],
  },
  {
    adapter: coWorkZones,
    file: 'wzdx/scenario5_recurring_linestring_example.geojson',
    records: { active: 1, scheduled: 3 },
    located: 4,
    publishedAt: '2022-01-01T10:00:00.000Z',
    active: ['a2100c5b-58b9-4593-992d-0795bafe3d8d'],
  },
  {
    adapter: usWeatherAlerts,
    file: 'nws/alerts_active_zone.json',
    records: { active: 1 },
    // Alerts for zones, whose outlines are elsewhere.
    located: 0,
    publishedAt: '2019-12-20T21:35:17.000Z',
    active: ['NWS-IDP-PROD-3965873-3369046'],
    // The event's end, not the message's.
    times: { 'NWS-IDP-PROD-3965873-3369046': ['2019-12-20T21:34:00.000Z', '2019-12-22T18:00:00.000Z'] },
  },
  {
    adapter: usWeatherAlerts,
    file: 'nws/alerts_active_zone_second.json',
    records: { active: 2 },
    located: 0,
    publishedAt: '2019-12-20T21:35:17.000Z',
    active: ['NWS-IDP-PROD-3965873-001', 'NWS-IDP-PROD-3965873-3369046'],
  },
  {
    adapter: usEarthquakes,
    file: 'usgs/all_hour_20170121.geojson',
    records: { completed: 4 },
    located: 4,
    publishedAt: '2017-01-21T20:56:27.000Z',
    active: [],
  },
  {
    adapter: usEarthquakes,
    file: 'usgs/synthetic-nullfields.json',
    records: { completed: 3 },
    located: 3,
    // It does not say: this is when the newest of its events was updated.
    publishedAt: '2018-09-22T08:30:00.000Z',
    active: [],
  },
  {
    adapter: usEarthquakes,
    file: 'usgs/synthetic-empty.json',
    records: {},
    located: 0,
    publishedAt: null,
    active: [],
  },
];
