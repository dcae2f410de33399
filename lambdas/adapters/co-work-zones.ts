import * as z from 'zod';
import type { Adapter, ParsedRecord } from '../domain/feeds/adapter.ts';
import type { RecordSeverity, RecordStatus } from '../domain/feeds/feed-record.ts';
import { instantOf } from './instants.ts';
import { isOver } from './is-over.ts';
import { lenient } from './lenient.ts';
import { membersOf } from './members-of.ts';
import { publicationOf } from './publication-of.ts';
import { readJson, shaped } from './read-json.ts';
import { readRows } from './read-rows.ts';
import { shapedRow } from './shaped-row.ts';

const instant = z.string().transform((text, context) => {
  const found = instantOf(text);
  if (found !== null) return found;
  context.addIssue('is not an instant (RFC 3339)');
  return z.NEVER;
});

/** What the specification requires of a work zone, and what else is passed on. */
const Feature = z.object({
  id: z.string().min(1),
  geometry: z.object({ type: z.enum(['LineString', 'MultiPoint']), coordinates: z.json() }),
  properties: z.object({
    core_details: z.object({
      event_type: z.enum(['work-zone', 'detour', 'restriction']),
      data_source_id: z.string(),
      direction: z.string(),
      road_names: z.array(z.string()).min(1),
      name: lenient.text,
      description: lenient.text,
      update_date: lenient.text,
      related_road_events: lenient.list,
    }),
    start_date: instant,
    end_date: instant,
    vehicle_impact: z.string(),
    location_method: z.string(),
    event_status: lenient.text,
    lanes: lenient.list,
    types_of_work: lenient.list,
    work_zone_type: lenient.text,
    beginning_milepost: lenient.number,
    ending_milepost: lenient.number,
    beginning_cross_street: lenient.text,
    ending_cross_street: lenient.text,
    reduced_speed_limit_kph: lenient.number,
  }),
});
type Feature = z.output<typeof Feature>;

const Feed = z.object({
  type: z.literal('FeatureCollection'),
  feed_info: z.object({
    version: z.string().regex(/^4\.\d+$/, 'is not 4.x'),
    update_date: lenient.text,
    data_sources: lenient.list,
  }),
  features: z.array(z.unknown()),
});

/**
 * Work zones on Colorado's roads, by CDOT: WZDx 4.2, the US DOT's exchange format
 * (https://github.com/usdot-jpo-ode/wzdx), a GeoJSON `{"feed_info": {"version", "update_date", …}, "features": […]}`. The
 * key is given out for free by COtrip. A feature that lacks what the specification requires is not dropped: it comes out
 * as `unknown`, with what is wrong with it.
 */
export const coWorkZones: Adapter = {
  id: 'co-work-zones',
  jurisdiction: 'US-CO',
  feedType: 'work-zones',
  intervalSeconds: 300,
  deadlineSeconds: 60,
  maxFeedAgeSeconds: 60 * 60,
  mayBeEmpty: false,
  needsSecret: true,
  parts: (secret = '') => [
    {
      id: 'wzdx',
      url: `https://data.cotrip.org/api/v1/wzdx?apiKey=${encodeURIComponent(secret)}`,
      maxBytes: 32 * 1024 * 1024,
    },
  ],
  parse(body) {
    const feed = shaped(Feed, readJson(body));
    const publishedAt = publishedAtOf(feed);
    const rows = readRows(feed.features, (row) =>
      shapedRow(Feature, row, row.id, (feature) => recordOf(feature, publishedAt ?? 0)),
    );
    return { ...rows, publishedAt };
  },
};

/** Where the feed does not say it, when the newest of its sources or features was updated. */
function publishedAtOf({ feed_info, features }: z.output<typeof Feed>): number | null {
  const ofSources = feed_info.data_sources.map((source) => instantOf(membersOf(source).update_date));
  const ofFeatures = features.map((feature) => {
    const { core_details } = membersOf(membersOf(feature).properties);
    return instantOf(membersOf(core_details).update_date);
  });
  return publicationOf(instantOf(feed_info.update_date), [...ofSources, ...ofFeatures]);
}

function recordOf(feature: Feature, publishedAt: number): ParsedRecord {
  const { core_details: core, ...zone } = feature.properties;
  const { start_date: startsAt, end_date: endsAt } = zone;
  const status = statusOf(zone.event_status, { startsAt, endsAt, publishedAt });
  return {
    recordId: feature.id,
    title: `${core.road_names.join(', ')} ${core.direction}: ${core.event_type}, ${zone.vehicle_impact}`,
    status,
    severity: isOver(status) ? 'none' : severityOf(zone.vehicle_impact),
    geometry: feature.geometry,
    startsAt,
    endsAt,
    properties: {
      event_type: core.event_type,
      road_names: core.road_names,
      direction: core.direction,
      name: core.name,
      description: core.description,
      data_source_id: core.data_source_id,
      related_road_events: core.related_road_events,
      vehicle_impact: zone.vehicle_impact,
      location_method: zone.location_method,
      work_zone_type: zone.work_zone_type,
      lanes: zone.lanes,
      types_of_work: zone.types_of_work,
      beginning_milepost: zone.beginning_milepost,
      ending_milepost: zone.ending_milepost,
      beginning_cross_street: zone.beginning_cross_street,
      ending_cross_street: zone.ending_cross_street,
      reduced_speed_limit_kph: zone.reduced_speed_limit_kph,
      source_updated_at: core.update_date,
    },
  };
}

const byEventStatus: ReadonlyMap<string, RecordStatus> = new Map([
  ['planned', 'scheduled'],
  ['pending', 'scheduled'],
  ['active', 'active'],
  ['completed', 'completed'],
  ['cancelled', 'cancelled'],
]);

/** As the feed says, in its older versions; else as its dates say at the time of its publication. */
function statusOf(
  said: string | null,
  { startsAt, endsAt, publishedAt }: { startsAt: number; endsAt: number; publishedAt: number },
): RecordStatus {
  if (said !== null) return byEventStatus.get(said) ?? 'unknown';
  if (publishedAt < startsAt) return 'scheduled';
  return publishedAt > endsAt ? 'completed' : 'active';
}

function severityOf(impact: string): RecordSeverity {
  if (impact === 'all-lanes-closed') return 'severe';
  if (/^some-lanes-closed|^alternating-one-way$|^flagging$|^temporary-traffic-signal$/.test(impact)) return 'moderate';
  return /^all-lanes-open/.test(impact) ? 'minor' : 'unknown';
}
