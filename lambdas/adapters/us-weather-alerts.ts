import * as z from 'zod';
import type { Adapter, ParsedRecord } from '../domain/feeds/adapter.ts';
import type { RecordSeverity, RecordStatus } from '../domain/feeds/feed-record.ts';
import { instantOf } from './instants.ts';
import { isOver } from './is-over.ts';
import { lenient } from './lenient.ts';
import { type Members, membersOf } from './members-of.ts';
import { publicationOf } from './publication-of.ts';
import { readJson, shaped } from './read-json.ts';
import { readRows } from './read-rows.ts';
import { shapedRow } from './shaped-row.ts';

const Outline = z.object({
  type: z.enum(['Point', 'MultiPoint', 'LineString', 'MultiLineString', 'Polygon', 'MultiPolygon']),
  coordinates: z.json(),
});

const Feature = z.object({
  geometry: Outline.nullable().catch(null),
  properties: z.object({
    id: z.string().min(1),
    status: lenient.text,
    messageType: z.string(),
    event: z.string(),
    sent: lenient.text,
    headline: lenient.text,
    description: lenient.text,
    instruction: lenient.text,
    areaDesc: lenient.text,
    affectedZones: lenient.texts,
    geocode: z.object({ UGC: lenient.texts, SAME: lenient.texts }).catch({ UGC: [], SAME: [] }),
    references: lenient.list,
    effective: lenient.text,
    onset: lenient.text,
    expires: lenient.text,
    ends: lenient.text,
    severity: lenient.text,
    certainty: lenient.text,
    urgency: lenient.text,
    category: lenient.text,
    response: lenient.text,
    senderName: lenient.text,
    parameters: z.object({ VTEC: lenient.texts }).catch({ VTEC: [] }),
  }),
});
type Feature = z.output<typeof Feature>;

const Feed = z.object({
  type: z.literal('FeatureCollection'),
  updated: lenient.text,
  features: z.array(z.unknown()),
});

/**
 * Watches, warnings and advisories in force, by the National Weather Service
 * (https://www.weather.gov/documentation/services-web-api, CAP 1.2 as GeoJSON, `{"updated", "features": […]}`). Most
 * alerts are for zones and have no geometry of their own. An update is the same alert under a new id: its predecessors,
 * which it names, are not listed beside it, and the record keeps the id under which it is known.
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
    const sent = features.map((feature) => instantOf(propertiesOf(feature).sent));
    const rows = readRows(current(features.filter(isAlert)), (row) =>
      shapedRow(Feature, row, propertiesOf(row).id, recordOf),
    );
    return { ...rows, publishedAt: publicationOf(instantOf(updated), sent) };
  },
};

function propertiesOf(feature: unknown): Members {
  return membersOf(membersOf(feature).properties);
}

/** CAP's words for what concerns only those who run the system. */
const NOT_FOR_THE_PUBLIC: ReadonlySet<unknown> = new Set(['Exercise', 'System', 'Test', 'Draft']);

/** An `Ack` only tells its sender that another message has come. */
function isAlert(feature: unknown): boolean {
  const { status, messageType } = propertiesOf(feature);
  return !NOT_FOR_THE_PUBLIC.has(status) && messageType !== 'Ack';
}

/** Without those that an actual one replaces which was sent later: of two that name each other, one stays. */
function current(alerts: readonly unknown[]): unknown[] {
  const replacedAt = new Map<string, number>();
  for (const { status, sent, references } of alerts.map(propertiesOf)) {
    for (const id of status === 'Actual' ? identifiersIn(references) : []) {
      replacedAt.set(id, Math.max(replacedAt.get(id) ?? 0, instantOf(sent) ?? 0));
    }
  }
  return alerts.filter((alert) => {
    const { id, sent } = propertiesOf(alert);
    const at = typeof id === 'string' ? replacedAt.get(id) : undefined;
    return at === undefined || at <= (instantOf(sent) ?? at);
  });
}

function identifiersIn(references: unknown): string[] {
  const list = Array.isArray(references) ? references : [];
  return list.map((reference) => membersOf(reference).identifier).filter((id) => typeof id === 'string');
}

function recordOf({ properties: alert, geometry }: Feature): ParsedRecord {
  const status = alert.status === 'Actual' ? (byMessageType.get(alert.messageType) ?? 'unknown') : 'unknown';
  return {
    recordId: alert.id,
    aliases: identifiersIn(alert.references).filter((other) => other !== alert.id),
    title: alert.headline || alert.event,
    status,
    severity: isOver(status) ? 'none' : (severities.get(alert.severity ?? '') ?? 'unknown'),
    geometry,
    startsAt: instantOf(alert.onset) ?? instantOf(alert.effective),
    // `expires` is when the message is to be replaced by the next one, `ends` when the event is over.
    endsAt: instantOf(alert.ends) ?? instantOf(alert.expires),
    properties: {
      event: alert.event,
      message_type: alert.messageType,
      headline: alert.headline,
      description: alert.description,
      instruction: alert.instruction,
      area: alert.areaDesc,
      ugc: alert.geocode.UGC,
      same: alert.geocode.SAME,
      affected_zones: alert.affectedZones,
      severity: alert.severity,
      certainty: alert.certainty,
      urgency: alert.urgency,
      category: alert.category,
      response: alert.response,
      sender: alert.senderName,
      vtec: alert.parameters.VTEC,
      sent: alert.sent,
      effective: alert.effective,
      onset: alert.onset,
      expires: alert.expires,
      ends: alert.ends,
    },
  };
}

/** Both of the last two take back what they reference: it is over, or it should not have been sent. */
const byMessageType: ReadonlyMap<string, RecordStatus> = new Map([
  ['Alert', 'active'],
  ['Update', 'active'],
  ['Cancel', 'cancelled'],
  ['Error', 'cancelled'],
]);

const severities: ReadonlyMap<string, RecordSeverity> = new Map([
  ['Minor', 'minor'],
  ['Moderate', 'moderate'],
  ['Severe', 'severe'],
  ['Extreme', 'extreme'],
]);
