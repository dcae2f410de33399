import type { JsonValue } from '../domain/feeds/adapter.ts';
import type { Geometry } from '../domain/feeds/feed-record.ts';
import { numberOf, textOf } from './caltrans-values.ts';
import type { Members } from './members-of.ts';
import { positionOf } from './position-of.ts';

/** What Caltrans says of a place on a road, in snake case. */
type Place = {
  readonly location_name: string | null;
  readonly nearby_place: string | null;
  readonly county: string | null;
  readonly route: string | null;
  readonly direction: string | null;
} & Readonly<Record<string, JsonValue>>;

/** Of `location`; with a prefix of `location.begin`, whose members are `beginRoute` and the like. */
export function placeOf(members: Members, prefix: '' | 'begin' | 'end'): Place {
  const member = (name: string) =>
    members[prefix === '' ? name : `${prefix}${name.charAt(0).toUpperCase()}${name.slice(1)}`];
  return {
    location_name: textOf(member('locationName')),
    nearby_place: textOf(member('nearbyPlace')),
    county: textOf(member('county')),
    route: textOf(member('route')),
    route_suffix: textOf(member('routeSuffix')),
    direction: textOf(member('direction')),
    // No number: its prefix belongs to it, and people look for it as it is on the post.
    postmile_prefix: textOf(member('postmilePrefix')),
    postmile: textOf(member('postmile')),
    alignment: textOf(member('alignment')),
    milepost: numberOf(member('milepost')),
    elevation_feet: numberOf(member('elevation')),
  };
}

/** `SR-89 North at Luther Pass`, as much of it as is known. */
export function placeName({ route, location_name, nearby_place }: Place, direction: string | null): string {
  const road = [route ?? 'unnamed road', direction].filter((word) => word !== null).join(' ');
  const name = location_name ?? nearby_place;
  return name === null ? road : `${road} at ${name}`;
}

type Position = readonly [longitude: number, latitude: number];

/** Of what Caltrans writes as `latitude` and `longitude`; null where that is nowhere. */
export function writtenPosition(latitude: unknown, longitude: unknown): Position | null {
  return positionOf(numberOf(latitude), numberOf(longitude));
}

/** The two ends of a stretch whose course is not told stay points: a line between them would be beside the road. */
export function endsOf(begin: Position | null, end: Position | null): Geometry | null {
  const one = begin ?? end;
  if (one === null) return null;
  const isOnePlace = end === null || (one[0] === end[0] && one[1] === end[1]);
  return isOnePlace ? { type: 'Point', coordinates: one } : { type: 'MultiPoint', coordinates: [one, end] };
}
