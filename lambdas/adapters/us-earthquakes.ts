import * as z from 'zod';
import type { Adapter, ParsedRecord } from '../domain/feeds/adapter.ts';
import type { Geometry, RecordSeverity } from '../domain/feeds/feed-record.ts';
import { instantOfMs, isoOf } from './instants.ts';
import { lenient } from './lenient.ts';
import { membersOf } from './members-of.ts';
import { positionOf } from './position-of.ts';
import { publicationOf } from './publication-of.ts';
import { readJson, shaped } from './read-json.ts';
import { readRows } from './read-rows.ts';
import { shapedRow } from './shaped-row.ts';

/** Hardly anything is required: networks report in their own ways, and no odd member may cost a strong earthquake. */
const Feature = z.object({
  id: z.string().min(1),
  properties: z.object({
    mag: lenient.number,
    magType: lenient.text,
    place: lenient.text,
    title: lenient.text,
    type: lenient.text,
    status: lenient.text,
    time: lenient.number,
    updated: lenient.number,
    url: lenient.text,
    alert: lenient.text,
    tsunami: lenient.number,
    sig: lenient.number,
    felt: lenient.number,
    cdi: lenient.number,
    mmi: lenient.number,
    net: lenient.text,
    code: lenient.text,
    ids: lenient.text,
    sources: lenient.text,
  }),
  geometry: z
    .object({ type: z.literal('Point'), coordinates: z.array(lenient.number) })
    .nullable()
    .catch(null),
});
type Feature = z.output<typeof Feature>;

const Feed = z.object({
  type: z.literal('FeatureCollection'),
  metadata: z.object({ generated: lenient.number }).nullable().catch(null),
  features: z.array(z.unknown()),
});

/**
 * Earthquakes of the past day, worldwide, by the USGS: the GeoJSON summary format
 * (https://earthquake.usgs.gov/earthquakes/feed/v1.0/geojson.php), `{"metadata": {"generated", …}, "features": […]}`. What
 * leaves the day is closed.
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
    const publishedAt = publicationOf(instantOfMs(metadata?.generated), features.map(lastTouched));
    return { ...readRows(features, (row) => shapedRow(Feature, row, row.id, recordOf)), publishedAt };
  },
};

function lastTouched(feature: unknown): number | null {
  const { updated, time } = membersOf(membersOf(feature).properties);
  return instantOfMs(updated) ?? instantOfMs(time);
}

function recordOf({ id, properties, geometry }: Feature): ParsedRecord {
  const { title, place, type } = properties;
  const time = instantOfMs(properties.time);
  const isDeleted = properties.status === 'deleted';
  return {
    recordId: id,
    // The preferred id changes when networks turn out to have seen the same event.
    aliases: listOf(properties.ids).filter((other) => other !== id),
    title: title ?? `${type ?? 'earthquake'}, ${place ?? 'place unknown'}`,
    status: isDeleted ? 'cancelled' : 'completed',
    // It is over in a moment: unlike that of works, its severity stays.
    severity: isDeleted ? 'none' : severityOf(properties),
    geometry: pointOf(geometry),
    startsAt: time,
    endsAt: time,
    properties: {
      event_type: type,
      place,
      magnitude: properties.mag,
      magnitude_type: properties.magType,
      depth_km: geometry?.coordinates[2] ?? null,
      review_status: properties.status,
      alert_level: properties.alert,
      tsunami: properties.tsunami === 1,
      significance: properties.sig,
      felt_reports: properties.felt,
      community_intensity: properties.cdi,
      instrumental_intensity: properties.mmi,
      network: properties.net,
      code: properties.code,
      sources: listOf(properties.sources),
      url: properties.url,
      source_updated_at: isoOf(instantOfMs(properties.updated)),
    },
  };
}

/** `,ci37572167,us1000,` */
function listOf(ids: string | null): string[] {
  return (ids ?? '').split(',').filter((id) => id !== '');
}

/** The third number is a depth in kilometres, where GeoJSON has a height in metres: it is a property here. */
function pointOf(geometry: Feature['geometry']): Geometry | null {
  const [longitude = null, latitude = null] = geometry?.coordinates ?? [];
  const position = positionOf(latitude, longitude);
  return position && { type: 'Point', coordinates: position };
}

const byAlert: ReadonlyMap<string, RecordSeverity> = new Map([
  ['green', 'minor'],
  ['yellow', 'moderate'],
  ['orange', 'severe'],
  ['red', 'extreme'],
]);

/** What it does to people (PAGER's alert level) where that is known, else how strong it is. */
function severityOf({ alert, mag }: Feature['properties']): RecordSeverity {
  const known = byAlert.get(alert ?? '');
  if (known !== undefined) return known;
  if (mag === null) return 'unknown';
  if (mag < 4.5) return 'minor';
  if (mag < 6) return 'moderate';
  return mag < 7 ? 'severe' : 'extreme';
}
