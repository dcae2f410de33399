import * as z from 'zod';
import type { Adapter, ParsedRecord } from '../domain/feeds/adapter.ts';
import type { Geometry, RecordSeverity } from '../domain/feeds/feed-record.ts';
import { isoOf } from './instants.ts';
import { readJson, shaped } from './read-json.ts';

const number = z.number().nullish();
const text = z.string().nullish();

/** Only what no earthquake can be without is required; all else may be null, as networks report in their own ways. */
const Feature = z.object({
  id: z.string().min(1),
  properties: z.object({
    mag: number,
    magType: text,
    place: text,
    title: text,
    type: text,
    status: text,
    time: z.number(),
    updated: number,
    url: text,
    alert: text,
    tsunami: number,
    sig: number,
    felt: number,
    cdi: number,
    mmi: number,
    net: text,
    code: text,
    ids: text,
    sources: text,
  }),
  geometry: z.object({ type: z.literal('Point'), coordinates: z.array(z.number().nullable()).min(2) }).nullish(),
});
type Feature = z.output<typeof Feature>;

const Feed = z.object({
  type: z.literal('FeatureCollection'),
  metadata: z.object({ generated: number }).nullish(),
  features: z.array(Feature),
});

/**
 * Earthquakes of the past day, worldwide, by the USGS: the GeoJSON summary format
 * (https://earthquake.usgs.gov/earthquakes/feed/v1.0/geojson.php). What leaves the day is closed.
 */
export const usEarthquakes: Adapter = {
  id: 'us-earthquakes',
  jurisdiction: 'US',
  feedType: 'earthquakes',
  intervalSeconds: 300,
  deadlineSeconds: 60,
  maxFeedAgeSeconds: 30 * 60,
  // The earth does not rest for a day.
  mayBeEmpty: false,
  needsSecret: false,
  parts: () => [
    {
      id: 'past-day',
      url: 'https://earthquake.usgs.gov/earthquakes/feed/v1.0/summary/all_day.geojson',
      maxBytes: 8 * 1024 * 1024,
    },
  ],
  parse(body) {
    const { metadata, features } = shaped(Feed, readJson(body));
    return { publishedAt: metadata?.generated ?? null, records: features.map(recordOf) };
  },
};

function recordOf({ id, properties, geometry }: Feature): ParsedRecord {
  const { time, title, place, type } = properties;
  return {
    recordId: id,
    // The preferred id changes when networks turn out to have seen the same event.
    aliases: listOf(properties.ids).filter((other) => other !== id),
    title: title ?? `${type ?? 'earthquake'}, ${place ?? 'place unknown'}`,
    status: properties.status === 'deleted' ? 'cancelled' : 'completed',
    severity: severityOf(properties),
    geometry: pointOf(geometry),
    startsAt: time,
    endsAt: time,
    properties: {
      event_type: type ?? null,
      place: place ?? null,
      magnitude: properties.mag ?? null,
      magnitude_type: properties.magType ?? null,
      depth_km: geometry?.coordinates[2] ?? null,
      review_status: properties.status ?? null,
      alert_level: properties.alert ?? null,
      tsunami: properties.tsunami === 1,
      significance: properties.sig ?? null,
      felt_reports: properties.felt ?? null,
      community_intensity: properties.cdi ?? null,
      instrumental_intensity: properties.mmi ?? null,
      network: properties.net ?? null,
      code: properties.code ?? null,
      sources: listOf(properties.sources),
      url: properties.url ?? null,
      source_updated_at: isoOf(properties.updated ?? null),
    },
  };
}

/** `,ci37572167,us1000,` */
function listOf(ids: string | null | undefined): string[] {
  return (ids ?? '').split(',').filter((id) => id !== '');
}

/** The third number is a depth in kilometres, where GeoJSON has a height in metres: it is a property here. */
function pointOf(geometry: Feature['geometry']): Geometry | null {
  const [longitude, latitude] = geometry?.coordinates ?? [];
  if (typeof longitude !== 'number' || typeof latitude !== 'number') return null;
  return { type: 'Point', coordinates: [longitude, latitude] };
}

const byAlert: { readonly [level: string]: RecordSeverity } = {
  green: 'minor',
  yellow: 'moderate',
  orange: 'severe',
  red: 'extreme',
};

/** What it does to people (PAGER's alert level) where that is known, else how strong it is. */
function severityOf({ alert, mag }: Feature['properties']): RecordSeverity {
  const known = alert ? byAlert[alert] : undefined;
  if (known !== undefined) return known;
  if (mag === null || mag === undefined) return 'unknown';
  if (mag < 4.5) return 'minor';
  if (mag < 6) return 'moderate';
  return mag < 7 ? 'severe' : 'extreme';
}
