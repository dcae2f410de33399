import { begunBetween, digits, HOUR_MS, MINUTE_MS, pick } from '../made-up.ts';
import type { ReplayFeed } from '../replay-feed.ts';

type Region = {
  readonly area: string;
  readonly zones: readonly string[];
  readonly same: readonly string[];
  readonly office: string;
  readonly at: readonly [longitude: number, latitude: number];
};

const regions: readonly Region[] = [
  {
    area: 'Greater Lake Tahoe Area',
    zones: ['CAZ072', 'NVZ002'],
    same: ['006017', '032005'],
    office: 'Reno NV',
    at: [-119.9, 39.1],
  },
  {
    area: 'Summit County; Park County',
    zones: ['COZ034'],
    same: ['008117', '008093'],
    office: 'Denver CO',
    at: [-106, 39.5],
  },
  { area: 'South Washington Cascades', zones: ['WAZ019'], same: ['053041'], office: 'Portland OR', at: [-121.8, 46.3] },
  {
    area: 'Monroe, FL; Miami-Dade, FL',
    zones: ['FLC087'],
    same: ['012087', '012086'],
    office: 'Key West FL',
    at: [-80.9, 25.2],
  },
];

type Event = {
  readonly event: string;
  readonly severity: string;
  readonly code: string;
  readonly instruction: string | null;
  /** Warnings are drawn on a map; watches and advisories are for zones. */
  readonly isDrawn: boolean;
};

const events: readonly Event[] = [
  {
    event: 'Flash Flood Warning',
    severity: 'Severe',
    code: 'FF.W',
    instruction: 'Move to higher ground.',
    isDrawn: true,
  },
  { event: 'Winter Weather Advisory', severity: 'Minor', code: 'WW.Y', instruction: 'Slow down.', isDrawn: false },
  { event: 'High Wind Watch', severity: 'Moderate', code: 'HW.A', instruction: null, isDrawn: false },
  { event: 'Tornado Warning', severity: 'Extreme', code: 'TO.W', instruction: 'TAKE COVER NOW!', isDrawn: true },
];

const EVERY_MS = 8 * MINUTE_MS;
/** An alert is updated under a new id, twice, then cancelled or not, and gone. */
const MESSAGE_MS = 12 * MINUTE_MS;
const messages = ['Alert', 'Update', 'Update'] as const;
const LASTS_MS = messages.length * MESSAGE_MS;
const CANCEL_LISTED_MS = 4 * MINUTE_MS;
/** As written in Denver in winter; where it is written does not matter. */
const OFFSET_MS = -7 * HOUR_MS;

/** Alerts of 36 minutes, one new every eight, each replaced by its update twice. */
export const usWeatherAlerts: ReplayFeed = {
  files: ['api.weather.gov/alerts/active'],
  contentType: 'application/geo+json',
  // Less often than it is polled: every other answer is a 304.
  madeEveryMs: 4 * MINUTE_MS,
  bodyAt(madeAt) {
    const numbers = begunBetween(madeAt - LASTS_MS - CANCEL_LISTED_MS + 1, madeAt, EVERY_MS);
    const alerts = numbers.flatMap((number) => alertOf(number, madeAt) ?? []);
    return JSON.stringify({
      '@context': ['https://geojson.org/geojson-ld/geojson-context.jsonld', { '@version': '1.1' }],
      type: 'FeatureCollection',
      features: [...alerts, testMessage(madeAt)],
      title: 'Current watches, warnings, and advisories',
      updated: new Date(madeAt).toISOString(),
    });
  },
  troubles: [{ minutes: [4, 9], kind: { name: 'refused', status: 503, retryAfterSeconds: 60 } }],
};

function alertOf(number: number, madeAt: number): object | null {
  const begun = number * EVERY_MS;
  const last = Math.floor((madeAt - begun) / MESSAGE_MS);
  if (last < messages.length) return messageOf(number, last, messages[last] ?? 'Update');
  // Every third is called off; the others just end.
  return number % 3 === 0 ? messageOf(number, last, 'Cancel') : null;
}

function messageOf(number: number, at: number, messageType: string): object {
  const region = pick(regions, 'region', number);
  const event = pick(events, 'event', number);
  const begun = number * EVERY_MS;
  const sent = begun + at * MESSAGE_MS;
  const before = Array.from({ length: at }, (_, earlier) => ({
    '@id': `https://api.weather.gov/alerts/${idOf(number, earlier)}`,
    identifier: idOf(number, earlier),
    sender: 'w-nws.webmaster@noaa.gov',
    sent: localIso(begun + earlier * MESSAGE_MS),
  }));
  const times = {
    sent: localIso(sent),
    effective: localIso(sent),
    onset: localIso(begun),
    expires: localIso(sent + MESSAGE_MS),
    ends: event.isDrawn ? null : localIso(begun + LASTS_MS),
  };
  return featureOf(idOf(number, at), {
    geometry: event.isDrawn ? squareAround(region.at) : null,
    properties: {
      areaDesc: region.area,
      geocode: { UGC: region.zones, SAME: region.same },
      affectedZones: region.zones.map((zone) => `https://api.weather.gov/zones/forecast/${zone}`),
      references: before,
      ...times,
      status: 'Actual',
      messageType,
      ...wordsOf(event, region, number),
    },
  });
}

function wordsOf({ event, severity, code, instruction }: Event, { office }: Region, number: number): object {
  return {
    category: 'Met',
    severity,
    certainty: 'Likely',
    urgency: 'Expected',
    event,
    sender: 'w-nws.webmaster@noaa.gov',
    senderName: `NWS ${office}`,
    headline: `${event} issued by NWS ${office}`,
    description: 'Made up by the replay: no such weather.',
    instruction,
    response: 'Prepare',
    parameters: { VTEC: [`/O.NEW.KRPL.${code}.${String(number % 10_000).padStart(4, '0')}/`] },
  };
}

/** Tests of the system are among the alerts, and are none. */
function testMessage(madeAt: number): object {
  const sent = localIso(madeAt - (madeAt % HOUR_MS));
  const expires = localIso(madeAt - (madeAt % HOUR_MS) + HOUR_MS);
  const words = { event: 'Test Message', severity: 'Unknown', areaDesc: 'Replay' };
  const properties = { ...words, sent, effective: sent, expires, status: 'Test', messageType: 'Alert' };
  return featureOf('urn:oid:2.49.0.1.840.0.test.001.1', { geometry: null, properties });
}

function featureOf(id: string, { geometry, properties }: { geometry: object | null; properties: object }): object {
  const url = `https://api.weather.gov/alerts/${id}`;
  return { id: url, type: 'Feature', geometry, properties: { '@id': url, '@type': 'wx:Alert', id, ...properties } };
}

function idOf(number: number, at: number): string {
  return `urn:oid:2.49.0.1.840.0.${digits(40, 'alert', number)}.00${at + 1}.1`;
}

function squareAround([longitude, latitude]: readonly [number, number]): object {
  const corners = [-1, 1, 1, -1, -1].map((east, at) => [
    longitude + east * 0.2,
    latitude + (at === 1 || at === 2 ? -0.1 : 0.1),
  ]);
  return { type: 'Polygon', coordinates: [corners] };
}

function localIso(instant: number): string {
  return `${new Date(instant + OFFSET_MS).toISOString().slice(0, 19)}-07:00`;
}
