import * as z from 'zod';
import type { Adapter, JsonValue, ParsedRecord } from '../domain/feeds/adapter.ts';
import type { RecordSeverity, RecordStatus } from '../domain/feeds/feed-record.ts';
import { unreadable } from '../domain/feeds/upstream-fault.ts';
import { instantOf } from './instants.ts';
import { problemOf, readJson, shaped } from './read-json.ts';

const instant = z.string().refine((text) => instantOf(text) !== null, 'is not an instant (RFC 3339)');
const json = z.json().optional();

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
      name: z.string().optional(),
      description: z.string().optional(),
      update_date: z.string().optional(),
      related_road_events: json,
    }),
    start_date: instant,
    end_date: instant,
    vehicle_impact: z.string(),
    location_method: z.string(),
    event_status: z.string().optional(),
    lanes: json,
    types_of_work: json,
    work_zone_type: z.string().optional(),
    beginning_milepost: z.number().optional(),
    ending_milepost: z.number().optional(),
    beginning_cross_street: z.string().optional(),
    ending_cross_street: z.string().optional(),
    reduced_speed_limit_kph: z.number().optional(),
  }),
});
type Feature = z.output<typeof Feature>;

const Feed = z.object({
  type: z.literal('FeatureCollection'),
  feed_info: z.object({
    version: z.string().regex(/^4\.\d+$/, 'is not 4.x'),
    publisher: z.string(),
    update_date: instant,
  }),
  features: z.array(z.object({ id: z.string().min(1) }).loose()),
});

/** Of all features, how many may not be what the specification says before the feed as a whole is taken for broken. */
const MOST_INVALID = 0.2;

/**
 * Work zones on Colorado's roads, by CDOT: WZDx 4.2, the US DOT's exchange format
 * (https://github.com/usdot-jpo-ode/wzdx). The key is given out for free by COtrip. A feature that lacks what the
 * specification requires is not dropped: it comes out as `unknown`, with what is wrong with it.
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
    const { feed_info, features } = shaped(Feed, readJson(body));
    const publishedAt = Date.parse(feed_info.update_date);
    const read = features.map((feature) => ({ feature, parsed: Feature.safeParse(feature) }));
    const invalid = read.flatMap(({ parsed }) => (parsed.success ? [] : [problemOf(parsed.error)]));
    if (invalid.length > features.length * MOST_INVALID) {
      throw unreadable(`${invalid.length} of ${features.length} features are not WZDx 4: ${invalid[0]}`);
    }
    const records = read.map(({ feature, parsed }) =>
      parsed.success ? recordOf(parsed.data, publishedAt) : invalidRecord(feature, problemOf(parsed.error)),
    );
    return { publishedAt, records };
  },
};

function recordOf(feature: Feature, publishedAt: number): ParsedRecord {
  const { core_details: core, ...zone } = feature.properties;
  const startsAt = Date.parse(zone.start_date);
  const endsAt = Date.parse(zone.end_date);
  return {
    recordId: feature.id,
    title: `${core.road_names.join(', ')} ${core.direction}: ${core.event_type}, ${zone.vehicle_impact}`,
    status: statusOf(zone.event_status, { startsAt, endsAt, publishedAt }),
    severity: severityOf(zone.vehicle_impact),
    geometry: feature.geometry,
    startsAt,
    endsAt,
    properties: {
      event_type: core.event_type,
      road_names: core.road_names,
      direction: core.direction,
      name: core.name ?? null,
      description: core.description ?? null,
      data_source_id: core.data_source_id,
      related_road_events: core.related_road_events ?? [],
      vehicle_impact: zone.vehicle_impact,
      location_method: zone.location_method,
      work_zone_type: zone.work_zone_type ?? null,
      lanes: zone.lanes ?? [],
      types_of_work: zone.types_of_work ?? [],
      beginning_milepost: zone.beginning_milepost ?? null,
      ending_milepost: zone.ending_milepost ?? null,
      beginning_cross_street: zone.beginning_cross_street ?? null,
      ending_cross_street: zone.ending_cross_street ?? null,
      reduced_speed_limit_kph: zone.reduced_speed_limit_kph ?? null,
      source_updated_at: core.update_date ?? null,
    },
  };
}

function invalidRecord(feature: { readonly id: string }, problem: string): ParsedRecord {
  return {
    recordId: feature.id,
    title: `Feature ${feature.id}, which is not as WZDx 4 requires`,
    status: 'unknown',
    severity: 'unknown',
    geometry: null,
    startsAt: null,
    endsAt: null,
    properties: { problem, feature: feature as unknown as JsonValue },
  };
}

const byEventStatus: { readonly [said: string]: RecordStatus } = {
  planned: 'scheduled',
  pending: 'scheduled',
  active: 'active',
  completed: 'completed',
  cancelled: 'cancelled',
};

/** As the feed says, in its older versions; else as its dates say at the time of its publication. */
function statusOf(
  said: string | undefined,
  { startsAt, endsAt, publishedAt }: { startsAt: number; endsAt: number; publishedAt: number },
): RecordStatus {
  if (said !== undefined) return byEventStatus[said] ?? 'unknown';
  if (publishedAt < startsAt) return 'scheduled';
  return publishedAt > endsAt ? 'completed' : 'active';
}

function severityOf(impact: string): RecordSeverity {
  if (impact === 'all-lanes-closed') return 'severe';
  if (/^some-lanes-closed|^alternating-one-way$|^flagging$|^temporary-traffic-signal$/.test(impact)) return 'moderate';
  return /^all-lanes-open/.test(impact) ? 'minor' : 'unknown';
}
