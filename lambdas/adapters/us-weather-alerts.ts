import * as z from 'zod';
import type { Adapter, ParsedRecord } from '../domain/feeds/adapter.ts';
import type { Geometry, RecordSeverity } from '../domain/feeds/feed-record.ts';
import { instantOf } from './instants.ts';
import { readJson, shaped } from './read-json.ts';

const text = z.string().nullish();
const texts = z.array(z.string()).nullish();

const Feature = z.object({
  geometry: z.object({ type: z.string(), coordinates: z.json() }).nullish(),
  properties: z.object({
    id: z.string().min(1),
    status: z.string(),
    messageType: z.string(),
    sent: z.string(),
    event: z.string(),
    headline: text,
    description: text,
    instruction: text,
    areaDesc: text,
    affectedZones: texts,
    geocode: z.object({ UGC: texts, SAME: texts }).nullish(),
    references: z.array(z.object({ identifier: z.string() })).nullish(),
    effective: text,
    onset: text,
    expires: text,
    ends: text,
    severity: text,
    certainty: text,
    urgency: text,
    category: text,
    response: text,
    senderName: text,
    parameters: z.object({ VTEC: texts }).nullish(),
  }),
});
type Alert = z.output<typeof Feature>['properties'];

const Feed = z.object({
  type: z.literal('FeatureCollection'),
  updated: z.string(),
  features: z.array(Feature),
});

/**
 * Watches, warnings and advisories in force, by the National Weather Service
 * (https://www.weather.gov/documentation/services-web-api, CAP 1.2 as GeoJSON). Most alerts are for zones and have no
 * geometry of their own. An update is the same alert under a new id: its predecessors, which it names, are not listed
 * beside it, and the record keeps the id under which it is known.
 */
export const usWeatherAlerts: Adapter = {
  id: 'us-weather-alerts',
  jurisdiction: 'US',
  feedType: 'weather-alerts',
  intervalSeconds: 120,
  deadlineSeconds: 90,
  maxFeedAgeSeconds: 30 * 60,
  // Somewhere in the country there is always an advisory.
  mayBeEmpty: false,
  needsSecret: false,
  parts: () => [
    {
      id: 'active',
      url: 'https://api.weather.gov/alerts/active',
      // The service refuses programs that don't say who they are.
      headers: { accept: 'application/geo+json', 'user-agent': 'headgate (adapter us-weather-alerts)' },
      maxBytes: 32 * 1024 * 1024,
    },
  ],
  parse(body) {
    const { updated, features } = shaped(Feed, readJson(body));
    const actual = features.filter(({ properties }) => properties.status === 'Actual');
    const replaced = new Set(actual.flatMap(({ properties }) => predecessorsOf(properties)));
    const current = actual.filter(({ properties }) => !replaced.has(properties.id));
    return {
      publishedAt: instantOf(updated),
      records: current.map(({ properties, geometry }) => recordOf(properties, geometry ?? null)),
    };
  },
};

function predecessorsOf({ id, references }: Alert): string[] {
  return (references ?? []).map(({ identifier }) => identifier).filter((other) => other !== id);
}

function recordOf(alert: Alert, geometry: Geometry | null): ParsedRecord {
  return {
    recordId: alert.id,
    aliases: predecessorsOf(alert),
    title: alert.headline ?? alert.event,
    status: alert.messageType === 'Cancel' ? 'cancelled' : 'active',
    severity: severityOf(alert.severity),
    geometry,
    startsAt: instantOf(alert.onset) ?? instantOf(alert.effective),
    // `expires` is when the message is to be replaced by the next one, `ends` when the event is over.
    endsAt: instantOf(alert.ends) ?? instantOf(alert.expires),
    properties: {
      event: alert.event,
      message_type: alert.messageType,
      headline: alert.headline ?? null,
      description: alert.description ?? null,
      instruction: alert.instruction ?? null,
      area: alert.areaDesc ?? null,
      ugc: alert.geocode?.UGC ?? [],
      same: alert.geocode?.SAME ?? [],
      affected_zones: alert.affectedZones ?? [],
      certainty: alert.certainty ?? null,
      urgency: alert.urgency ?? null,
      category: alert.category ?? null,
      response: alert.response ?? null,
      sender: alert.senderName ?? null,
      vtec: alert.parameters?.VTEC ?? [],
      sent: alert.sent,
      effective: alert.effective ?? null,
      onset: alert.onset ?? null,
      expires: alert.expires ?? null,
      ends: alert.ends ?? null,
    },
  };
}

const severities: { readonly [said: string]: RecordSeverity } = {
  Minor: 'minor',
  Moderate: 'moderate',
  Severe: 'severe',
  Extreme: 'extreme',
};

function severityOf(said: string | null | undefined): RecordSeverity {
  return severities[said ?? ''] ?? 'unknown';
}
