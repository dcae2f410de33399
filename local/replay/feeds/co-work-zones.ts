import { begunBetween, chance, digits, MINUTE_MS, pick } from '../made-up.ts';
import type { ReplayFeed } from '../replay-feed.ts';
import { replayKeys } from '../replay-keys.ts';

type Stretch = readonly [road: string, direction: string, latitude: number, longitude: number, milepost: number];

const stretches: readonly Stretch[] = [
  ['I-70', 'eastbound', 39.68, -105.87, 213.4],
  ['I-70', 'westbound', 39.55, -107.32, 116.1],
  ['I-25', 'northbound', 39.95, -104.99, 223.7],
  ['US-285', 'southbound', 39.46, -105.67, 222.9],
  ['US-550', 'northbound', 37.89, -107.71, 80.2],
  ['CO-7', 'southbound', 40.02, -105.26, 50.6],
];

const impacts = ['some-lanes-closed', 'some-lanes-closed', 'all-lanes-open', 'alternating-one-way', 'all-lanes-closed'];
const works = ['surface-work', 'roadway-creation', 'minor-road-defect-repair', 'maintenance'];
const SOURCE = digits(8, 'source');
/** A work zone begins so often, and is listed from before it begins until after it has ended. */
const EVERY_MS = 10 * MINUTE_MS;
const LASTS_MS = 40 * MINUTE_MS;
const LISTED_BEFORE_MS = 20 * MINUTE_MS;
const LISTED_AFTER_MS = 10 * MINUTE_MS;

/** Work zones of 40 minutes, of which one begins every ten; some of them change what they close half way. */
export const coWorkZones: ReplayFeed = {
  files: ['data.cotrip.org/api/v1/wzdx'],
  contentType: 'application/json',
  madeEveryMs: 2 * MINUTE_MS,
  bodyAt(madeAt) {
    const numbers = begunBetween(madeAt - LASTS_MS - LISTED_AFTER_MS, madeAt + LISTED_BEFORE_MS, EVERY_MS);
    return JSON.stringify({
      feed_info: infoAt(madeAt),
      type: 'FeatureCollection',
      features: numbers.map((number) => featureOf(number, madeAt)),
    });
  },
  troubles: [{ minutes: [22, 28], kind: { name: 'frozen', hours: 2 } }],
  access: {
    param: 'apiKey',
    key: replayKeys['co-work-zones'].value,
    refusal: { status: 403, body: '{"message":"Forbidden"}' },
  },
};

function infoAt(madeAt: number): object {
  const update = { update_date: isoOf(madeAt), update_frequency: 120 };
  return {
    publisher: 'Replay',
    version: '4.2',
    license: 'https://creativecommons.org/publicdomain/zero/1.0/',
    data_sources: [{ data_source_id: SOURCE, organization_name: 'Replay', ...update }],
    ...update,
  };
}

function featureOf(number: number, madeAt: number): object {
  const stretch = pick(stretches, 'stretch', number);
  const [road, direction, , , milepost] = stretch;
  const start = number * EVERY_MS;
  const half = start + LASTS_MS / 2;
  const isSecondHalf = madeAt >= half;
  return {
    id: digits(32, 'zone', number),
    type: 'Feature',
    properties: {
      core_details: {
        event_type: 'work-zone',
        data_source_id: SOURCE,
        road_names: [road],
        direction,
        name: `Replay-Event${number}_${direction}`,
        description: `Roadwork on ${road} from mile point ${milepost}.`,
        update_date: isoOf(isSecondHalf ? half : start - LISTED_BEFORE_MS),
      },
      start_date: isoOf(start),
      end_date: isoOf(start + LASTS_MS),
      is_start_date_verified: false,
      is_end_date_verified: false,
      is_start_position_verified: false,
      is_end_position_verified: false,
      location_method: 'channel-device-method',
      work_zone_type: 'static',
      vehicle_impact: pick(impacts, 'impact', number, String(isSecondHalf)),
      // Not all tell of types of work, nor of lanes.
      ...(chance('types', number) < 0.8 && { types_of_work: [{ type_name: pick(works, 'works', number) }] }),
      ...(chance('lanes', number) < 0.8 && { lanes: lanes(isSecondHalf) }),
      beginning_milepost: milepost,
      ending_milepost: milepost + 1.2,
    },
    geometry: geometryOf(stretch, chance('points', number) < 0.2 ? 'MultiPoint' : 'LineString'),
  };
}

function lanes(isSecondHalf: boolean): object[] {
  return [
    { order: 1, type: 'general', status: isSecondHalf ? 'closed' : 'open' },
    { order: 2, type: 'general', status: isSecondHalf ? 'open' : 'closed' },
  ];
}

function geometryOf([, , latitude, longitude]: Stretch, type: string): object {
  const along = [0, 1, 2].map((at) => [longitude + at * 0.008, latitude + at * 0.003]);
  return { type, coordinates: type === 'MultiPoint' ? [along[0], along[2]] : along };
}

/** As the feed has it, in whole seconds. */
function isoOf(instant: number): string {
  return `${new Date(instant - (instant % 1000)).toISOString().slice(0, 19)}Z`;
}
