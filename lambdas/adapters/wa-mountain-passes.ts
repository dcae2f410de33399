import type { Adapter, ParsedRecord } from '../domain/feeds/adapter.ts';
import type { RecordSeverity } from '../domain/feeds/feed-record.ts';
import { unreadable } from '../domain/feeds/upstream-fault.ts';
import { isoOf } from './instants.ts';
import { membersOf } from './members-of.ts';
import { readJson } from './read-json.ts';
import { refuseMostlyUnknown } from './refuse-mostly-unknown.ts';

const ADDRESS =
  'https://wsdot.wa.gov/Traffic/api/MountainPassConditions/MountainPassConditionsREST.svc/GetMountainPassConditionsAsJson';

/** In this order, what a restriction's prose says of the road; what fits none of them is not understood. */
const meanings: readonly (readonly [RegExp, RecordSeverity])[] = [
  [/^no restrictions$/, 'none'],
  [/\bclosed\b/, 'severe'],
  [/\bchains?\b.*\brequired\b|\brequired\b.*\bchains?\b/, 'moderate'],
  [/\b(chains?|traction|tires?|oversize|prohibited|required|advised)\b/, 'minor'],
];
const gravest: readonly RecordSeverity[] = ['severe', 'moderate', 'minor', 'unknown', 'none'];

/** The state of the mountain passes of Washington: all of them, always, with what is restricted in either direction. */
export const waMountainPasses: Adapter = {
  id: 'wa-mountain-passes',
  jurisdiction: 'US-WA',
  feedType: 'mountain-passes',
  intervalSeconds: 300,
  deadlineSeconds: 60,
  // The feed only says when people last reported on a pass: on none for two days means that nobody is at it.
  maxFeedAgeSeconds: 2 * 86_400,
  mayBeEmpty: false,
  needsSecret: true,
  parts: (secret = '') => [
    { id: 'state', url: `${ADDRESS}?AccessCode=${encodeURIComponent(secret)}`, maxBytes: 1_000_000 },
  ],
  parse(body) {
    const passes = readJson(body);
    // Also how a key is answered that is not valid.
    if (!Array.isArray(passes)) throw unreadable('no list of passes from upstream: is the access code still valid?');
    const rows = passes.map(membersOf);
    refuseMostlyUnknown(rows.filter((row) => directions(row).every(isNotUnderstood)).length, rows.length);
    const reported = rows.flatMap((row) => instantOf(row.DateUpdated) ?? []);
    if (rows.length > 0 && reported.length === 0)
      throw unreadable('no pass from upstream says when it was reported on');
    return { records: rows.map(readPass), publishedAt: reported.length === 0 ? null : Math.max(...reported) };
  },
};

type Direction = { readonly direction: string | null; readonly text: string | null };

function readPass(row: Readonly<Record<string, unknown>>): ParsedRecord {
  const id = textOf(row.MountainPassId) ?? textOf(row.MountainPassName);
  if (id === null) throw unreadable('a pass with neither id nor name');
  const restrictions = directions(row);
  const road = textOf(row.RoadCondition);
  const severity = severityOf(restrictions, road);
  const name = textOf(row.MountainPassName) ?? `Pass ${id}`;
  return {
    recordId: `pass-${id}`,
    title: `${name}: ${severity === 'unknown' ? 'conditions unknown' : titleOf(restrictions)}`,
    status: severity === 'none' ? 'inactive' : severity === 'unknown' ? 'unknown' : 'active',
    severity,
    geometry: pointOf(row.Latitude, row.Longitude),
    startsAt: null,
    endsAt: null,
    properties: {
      name,
      restrictions,
      road_condition: road,
      weather_condition: textOf(row.WeatherCondition),
      temperature_fahrenheit: numberOf(row.TemperatureInFahrenheit),
      elevation_feet: numberOf(row.ElevationInFeet),
      travel_advisory_active: typeof row.TravelAdvisoryActive === 'boolean' ? row.TravelAdvisoryActive : null,
      date_updated: isoOf(instantOf(row.DateUpdated)),
    },
  };
}

function directions({ RestrictionOne, RestrictionTwo }: Readonly<Record<string, unknown>>): Direction[] {
  return [RestrictionOne, RestrictionTwo].map((restriction) => {
    const { RestrictionText, TravelDirection } = membersOf(restriction);
    return { direction: textOf(TravelDirection), text: textOf(RestrictionText) };
  });
}

/** The graver of the two directions. "No restrictions" is not believed of a pass that nobody knows anything about. */
function severityOf(restrictions: readonly Direction[], roadCondition: string | null): RecordSeverity {
  const found = restrictions.map(meaningOf);
  const severity = gravest.find((one) => found.includes(one)) ?? 'unknown';
  return severity === 'none' && /^no current information/i.test(roadCondition ?? '') ? 'unknown' : severity;
}

function meaningOf({ text }: Direction): RecordSeverity {
  const plain = (text ?? '').toLowerCase().replace(/\.$/, '');
  return meanings.find(([pattern]) => pattern.test(plain))?.[1] ?? 'unknown';
}

function isNotUnderstood(direction: Direction): boolean {
  return meaningOf(direction) === 'unknown';
}

/** Once where both directions have the same. */
function titleOf(restrictions: readonly Direction[]): string {
  const texts = restrictions.map(({ text }) => text ?? 'restrictions unknown');
  if (new Set(texts).size === 1) return texts[0] ?? '';
  return restrictions.map(({ direction }, at) => `${direction ?? 'one way'} ${texts[at]}`).join('; ');
}

function pointOf(latitude: unknown, longitude: unknown): ParsedRecord['geometry'] {
  const [lat, lon] = [numberOf(latitude), numberOf(longitude)];
  if (lat === null || lon === null || (lat === 0 && lon === 0)) return null;
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? { type: 'Point', coordinates: [lon, lat] } : null;
}

/** `/Date(1755871897433-0700)/`: the milliseconds are the instant already, the offset only tells where it was written. */
function instantOf(value: unknown): number | null {
  const ms = /^\/Date\((\d{1,15})(?:[+-]\d{4})?\)\/$/.exec(textOf(value) ?? '')?.[1];
  return ms === undefined ? null : Number(ms);
}

/** Names and texts have blanks in pairs; null where there is nothing but blanks. */
function textOf(value: unknown): string | null {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  return text.replace(/\s+/g, ' ').trim() || null;
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
