import { chance, HOUR_MS, MINUTE_MS, pick } from '../made-up.ts';
import type { ReplayFeed } from '../replay-feed.ts';
import { replayKeys } from '../replay-keys.ts';

type Pass = readonly [id: number, name: string, latitude: number, longitude: number, feet: number];

const passes: readonly Pass[] = [
  [1, 'Blewett Pass US 97', 47.335, -120.581, 4102],
  [6, 'Manastash Ridge  I-82', 46.889, -120.437, 2672],
  [8, 'Sherman Pass SR 20', 48.605, -118.477, 5575],
  [10, 'Stevens Pass US 2', 47.745, -121.089, 4061],
  [11, 'Snoqualmie Pass I-90', 47.424, -121.413, 3022],
  [12, 'White Pass  US 12', 46.638, -121.391, 4500],
];
const CAYUSE: Pass = [2, 'Cayuse Pass SR 123', 46.866, -121.536, 4675];

type Conditions = { readonly road: string; readonly weather: string; readonly restriction: string };

const conditions: readonly Conditions[] = [
  { road: 'Bare and dry.', weather: 'Partly cloudy.', restriction: 'No restrictions' },
  { road: 'Bare and wet.', weather: 'Light rain.', restriction: 'No restrictions' },
  {
    road: 'Compact snow and ice.',
    weather: 'Snowing.',
    restriction: 'Traction Tires Advised, Oversize Vehicles Prohibited.',
  },
  {
    road: 'Compact snow and ice.',
    weather: 'Heavy snow.',
    restriction: 'Chains required on all vehicles except all wheel drive.',
  },
  { road: 'Closed for avalanche control.', weather: 'Heavy snow.', restriction: 'Pass Closed' },
];

/** People report on a pass every so often, each pass at minutes of its own. */
const REPORTED_EVERY_MS = 20 * MINUTE_MS;
const CLOSED_SINCE = 30 * 24 * HOUR_MS;

/** Passes whose conditions change every 20 minutes, and one that is closed for the season. */
export const waMountainPasses: ReplayFeed = {
  files: [
    'wsdot.wa.gov/Traffic/api/MountainPassConditions/MountainPassConditionsREST.svc/GetMountainPassConditionsAsJson',
  ],
  contentType: 'application/json; charset=utf-8',
  // Less often than it is polled: every other answer is a 304.
  madeEveryMs: 10 * MINUTE_MS,
  bodyAt: (madeAt) => JSON.stringify([...passes.map((pass) => reported(pass, madeAt)), closed(madeAt)]),
  troubles: [{ minutes: [16, 22], kind: { name: 'web page' } }],
  access: {
    param: 'AccessCode',
    key: replayKeys['wa-mountain-passes'].value,
    // The real one answers so, with a 200.
    refusal: { status: 200, body: '{"Message":"The access code is not valid."}' },
  },
};

function reported(pass: Pass, madeAt: number): object {
  const [id, , , , feet] = pass;
  const shift = Math.floor(chance('pass', id) * 20) * MINUTE_MS;
  const report = Math.floor((madeAt - shift) / REPORTED_EVERY_MS);
  const { road, weather, restriction } = pick(conditions, 'conditions', id, report);
  return {
    ...placeOf(pass),
    DateUpdated: dateOf(report * REPORTED_EVERY_MS + shift),
    TemperatureInFahrenheit: Math.round(48 - feet / 250 + chance('temperature', id, report) * 8),
    WeatherCondition: weather,
    RoadCondition: road,
    TravelAdvisoryActive: restriction !== 'No restrictions',
    RestrictionOne: { RestrictionText: restriction, TravelDirection: 'Eastbound' },
    RestrictionTwo: { RestrictionText: restriction, TravelDirection: 'Westbound' },
  };
}

/** A pass can be closed and have no advisory. */
function closed(madeAt: number): object {
  const since = Math.floor(madeAt / CLOSED_SINCE) * CLOSED_SINCE;
  const text = 'Closed for the season';
  return {
    ...placeOf(CAYUSE),
    DateUpdated: dateOf(since),
    TemperatureInFahrenheit: null,
    WeatherCondition: '',
    RoadCondition: 'SR 123 Cayuse Pass is closed for the winter.',
    TravelAdvisoryActive: false,
    RestrictionOne: { RestrictionText: text, TravelDirection: 'Northbound' },
    RestrictionTwo: { RestrictionText: text, TravelDirection: 'Southbound' },
  };
}

function placeOf([id, name, latitude, longitude, feet]: Pass): object {
  return {
    MountainPassId: id,
    MountainPassName: name,
    Latitude: latitude,
    Longitude: longitude,
    ElevationInFeet: feet,
  };
}

function dateOf(instant: number): string {
  return `/Date(${instant}-0800)/`;
}
