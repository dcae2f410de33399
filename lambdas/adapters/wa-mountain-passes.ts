import type { Adapter, ParsedRecord } from '../domain/feeds/adapter.ts';
import type { RecordSeverity } from '../domain/feeds/feed-record.ts';
import { unreadable } from '../domain/feeds/upstream-fault.ts';
import { instantOfMs, isoOf } from './instants.ts';
import { type Members, membersOf } from './members-of.ts';
import { positionOf } from './position-of.ts';
import { publicationOf } from './publication-of.ts';
import { readJson } from './read-json.ts';
import { readRows } from './read-rows.ts';
import { type RoadProse, readRoadProse } from './road-prose.ts';

const ADDRESS =
  'https://wsdot.wa.gov/Traffic/api/MountainPassConditions/MountainPassConditionsREST.svc/GetMountainPassConditionsAsJson';

const gravestFirst: readonly RecordSeverity[] = ['severe', 'moderate', 'minor', 'unknown', 'none'];
/** How it is written that nobody reports on a pass, as from April to October: then "no restrictions" is not believed. */
const NO_REPORT = /^(?:no current information|seasonal (?:weather )?reports? ha(?:ve|s) ended)/i;

/**
 * The state of the mountain passes of Washington: all of them, always, with what is restricted in either direction
 * (https://wsdot.wa.gov/traffic/api/Documentation/group___mountain_pass.html). A list of `{"MountainPassId",
 * "MountainPassName", "RestrictionOne": {"RestrictionText", "TravelDirection"}, "RestrictionTwo", "RoadCondition", …}`, the
 * texts in prose.
 *
 * A report stands until the next one, however old: closures do for months, and of an "all clear" upstream says itself
 * when it is not current. `date_updated` tells when it was made. `TravelAdvisoryActive` is passed on and restricts
 * nothing: it is set for most passes that are bare and dry, and not for some that are closed.
 */
export const waMountainPasses: Adapter = {
  id: 'wa-mountain-passes',
  jurisdiction: 'US-WA',
  feedType: 'mountain-passes',
  intervalSeconds: 300,
  deadlineSeconds: 60,
  // The feed only says when people last reported on a pass: on none for two days means that nobody is at it, or that it
  // has frozen. Which of the two can't be told, as outside of November to March both look the same.
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
    const isOdd = (_: ParsedRecord, row: Members) => directions(row).every(({ severity }) => severity === 'unknown');
    const publishedAt = publicationOf(
      null,
      rows.map(({ DateUpdated }) => instantOf(DateUpdated)),
    );
    return { ...readRows(rows, readPass, isOdd), publishedAt };
  },
};

type Direction = { readonly direction: string | null; readonly text: string | null; readonly severity: RecordSeverity };

function readPass(row: Members): ParsedRecord | null {
  const id = textOf(row.MountainPassId);
  if (id === null) return null;
  const restrictions = directions(row);
  const road = textOf(row.RoadCondition);
  const barred = hindranceIn(road);
  const worst = gravest([...restrictions.map((one) => one.severity), ...(barred === null ? [] : [barred.severity])]);
  const severity = worst === 'none' && NO_REPORT.test(road ?? '') ? 'unknown' : worst;
  const name = textOf(row.MountainPassName) ?? `Pass ${id}`;
  return {
    recordId: `pass-${id}`,
    title: `${name}: ${severity === 'unknown' ? 'conditions unknown' : titleOf(restrictions, barred)}`,
    status: severity === 'none' ? 'inactive' : severity === 'unknown' ? 'unknown' : 'active',
    severity,
    geometry: pointOf(row.Latitude, row.Longitude),
    startsAt: null,
    endsAt: null,
    properties: {
      name,
      restrictions: restrictions.map(({ direction, text }) => ({ direction, text })),
      road_condition: road,
      weather_condition: textOf(row.WeatherCondition),
      temperature_fahrenheit: numberOf(row.TemperatureInFahrenheit),
      elevation_feet: numberOf(row.ElevationInFeet),
      travel_advisory_active: typeof row.TravelAdvisoryActive === 'boolean' ? row.TravelAdvisoryActive : null,
      date_updated: isoOf(instantOf(row.DateUpdated)),
    },
  };
}

function directions({ RestrictionOne, RestrictionTwo }: Members): Direction[] {
  return [RestrictionOne, RestrictionTwo].map((restriction) => {
    const { RestrictionText, TravelDirection } = membersOf(restriction);
    const text = textOf(RestrictionText);
    return { direction: textOf(TravelDirection), text, severity: severityOf(text ?? '') };
  });
}

/** Nothing but upstream's own words for it is an "all clear". */
function severityOf(text: string): RecordSeverity {
  return /^no restrictions\.?$/i.test(text) ? 'none' : (readRoadProse(text)?.severity ?? 'unknown');
}

/** What is told of the road's condition may close it before anyone has changed the restrictions. Advice is none. */
function hindranceIn(road: string | null): RoadProse | null {
  const read = readRoadProse(road ?? '');
  return read?.severity === 'minor' ? null : read;
}

function gravest(severities: readonly RecordSeverity[]): RecordSeverity {
  return gravestFirst.find((severity) => severities.includes(severity)) ?? 'unknown';
}

/** Once where both directions have the same; what is told of the road where that is graver than either. */
function titleOf(restrictions: readonly Direction[], barred: RoadProse | null): string {
  const restricted = gravest(restrictions.map(({ severity }) => severity));
  if (barred !== null && gravest([restricted, barred.severity]) !== restricted) return barred.clause;
  const texts = restrictions.map(({ text }) => text ?? 'restrictions unknown');
  if (new Set(texts).size === 1) return texts[0] ?? '';
  return restrictions.map(({ direction }, at) => `${direction ?? 'one way'} ${texts[at]}`).join('; ');
}

function pointOf(latitude: unknown, longitude: unknown): ParsedRecord['geometry'] {
  const position = positionOf(numberOf(latitude), numberOf(longitude));
  return position && { type: 'Point', coordinates: position };
}

/** `/Date(1755871897433-0700)/`: the milliseconds are the instant already, the offset only tells where it was written. */
function instantOf(value: unknown): number | null {
  const ms = /^\/Date\((\d{1,15})(?:[+-]\d{4})?\)\/$/.exec(textOf(value) ?? '')?.[1];
  return instantOfMs(Number(ms));
}

/** Names and texts have blanks in pairs; null where there is nothing but blanks. */
function textOf(value: unknown): string | null {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  return text.replace(/\s+/g, ' ').trim() || null;
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
