import { begunBetween, chance, HOUR_MS, MINUTE_MS, pick } from '../made-up.ts';
import type { ReplayFeed } from '../replay-feed.ts';
import { caltransJson, districtOf, fileOf, NOT_REPORTED, stampOf } from './caltrans.ts';

type Place = readonly [county: string, route: string, nearby: string, latitude: number, longitude: number];

/** One road in each district, on which two crews work. */
const roads: readonly Place[] = [
  ['Mendocino', 'US-101', 'Willits', 39.41, -123.355],
  ['Shasta', 'I-5', 'Redding', 40.587, -122.362],
  ['Placer', 'I-80', 'Colfax', 39.1, -120.953],
  ['Marin', 'US-101', 'San Rafael', 37.973, -122.531],
  ['Santa Barbara', 'US-101', 'Goleta', 34.436, -119.827],
  ['Fresno', 'SR-99', 'Selma', 36.571, -119.612],
  ['Los Angeles', 'I-405', 'Culver City', 34.012, -118.415],
  ['San Bernardino', 'I-15', 'Victorville', 34.536, -117.291],
  ['Inyo', 'US-395', 'Bishop', 37.363, -118.395],
  ['Stanislaus', 'SR-99', 'Modesto', 37.639, -120.997],
  ['San Diego', 'I-8', 'Alpine', 32.835, -116.766],
  ['Orange', 'I-5', 'Irvine', 33.684, -117.77],
];

const works = ['Drainage Work', 'Paving', 'Striping', 'Bridge Work', 'Tree Work'];
const crews = [0, 1];
/** Each crew begins a window in each hour, and tells of it so long before. */
const TOLD_BEFORE_MS = 25 * MINUTE_MS;
const LISTED_AFTER_MS = 15 * MINUTE_MS;
const LONGEST_MS = 45 * MINUTE_MS;
const STANDING_SINCE = Date.UTC(2025, 9, 1, 15);

/** Windows of half an hour that are planned, set up, and picked up or cancelled, beside one that stands for ever. */
export const caLaneClosures: ReplayFeed = {
  files: roads.map((_, at) => fileOf('lcs', at + 1)),
  contentType: 'application/json',
  madeEveryMs: MINUTE_MS,
  bodyAt(madeAt, file) {
    const district = districtOf(file);
    const windows = crews.flatMap((crew) => windowsOf(district, crew, madeAt));
    return caltransJson(
      'lcs',
      [standing(district), ...windows].map((window) => rowOf(window, district, madeAt)),
    );
  },
  // Los Angeles has the largest file, and takes its time.
  troubles: [{ minutes: [0, 6], file: fileOf('lcs', 7), kind: { name: 'slow', seconds: 12 } }],
};

type Window = {
  readonly id: string;
  readonly log: number;
  readonly start: number;
  readonly end: number | null;
  readonly type: 'Full' | 'Lane' | 'One-Way Traffic';
  readonly work: string;
  readonly setUp: number | null;
  readonly pickedUp: number | null;
  readonly cancelled: number | null;
};

function standing(district: number): Window {
  const never = { end: null, pickedUp: null, cancelled: null };
  return {
    id: `S${district}AA`,
    log: 1,
    start: STANDING_SINCE,
    setUp: STANDING_SINCE,
    type: 'Full',
    work: 'Slide',
    ...never,
  };
}

function windowsOf(district: number, crew: number, madeAt: number): Window[] {
  const shift = Math.floor(chance('crew', district, crew) * 60) * MINUTE_MS;
  const from = madeAt - shift - LONGEST_MS - LISTED_AFTER_MS;
  return begunBetween(from, madeAt - shift + TOLD_BEFORE_MS, HOUR_MS)
    .map((number) => windowOf({ district, crew, number, start: number * HOUR_MS + shift }))
    .filter(({ end, pickedUp }) => madeAt < (pickedUp ?? end ?? 0) + LISTED_AFTER_MS);
}

type Job = { readonly district: number; readonly crew: number; readonly number: number; readonly start: number };

function windowOf({ district, crew, number, start }: Job): Window {
  const end = start + 30 * MINUTE_MS;
  const isCancelled = chance('cancelled', district, crew, number) < 0.15;
  // Crews stay on beyond what was planned.
  const late = chance('late', district, crew, number) < 0.3 ? 10 * MINUTE_MS : -3 * MINUTE_MS;
  return {
    id: `C${district}${'AB'.charAt(crew)}${'KMQT'.charAt(district % 4)}`,
    log: (number % 9999) + 1,
    start,
    end,
    type: pick(['Lane', 'Lane', 'One-Way Traffic', 'Full'] as const, 'type', district, crew, number),
    work: pick(works, 'work', district, crew, number),
    setUp: isCancelled ? null : start + 2 * MINUTE_MS,
    pickedUp: isCancelled ? null : end + late,
    cancelled: isCancelled ? start - 5 * MINUTE_MS : null,
  };
}

function rowOf(window: Window, district: number, madeAt: number): object {
  const { id, log, start, end, type, work } = window;
  const { closureStartDate, closureStartTime } = stampOf('closureStart', start);
  const isFull = type === 'Full';
  return {
    index: `${id}-${String(log).padStart(4, '0')}-${closureStartDate}-${closureStartTime}`,
    recordTimestamp: stampOf('record', madeAt),
    location: {
      travelFlowDirection: flowOf(district),
      begin: endOf('begin', district, 0),
      end: endOf('end', district, 0.012),
    },
    closure: {
      closureID: id,
      logNumber: String(log),
      closureTimestamp: {
        ...stampOf('closureRequest', start - 24 * HOUR_MS),
        ...stampOf('closureStart', start),
        ...stampOf('closureEnd', end),
        isClosureEndIndefinite: String(end === null),
      },
      facility: 'Mainline',
      typeOfClosure: type,
      typeOfWork: work,
      durationOfClosure: end === null ? 'Long Term' : 'Standard',
      estimatedDelay: isFull ? NOT_REPORTED : '5',
      lanesClosed: isFull ? 'All' : '1',
      totalExistingLanes: '2',
      isCHINReportable: String(isFull),
      code1097: radioed('1097', window.setUp, madeAt),
      code1098: radioed('1098', window.pickedUp, madeAt),
      code1022: radioed('1022', window.cancelled, madeAt),
    },
  };
}

/** What is still to come has not been radioed. */
function radioed(code: string, at: number | null, madeAt: number): object {
  const called = at !== null && at <= madeAt ? at : null;
  return { [`isCode${code}`]: String(called !== null), [`code${code}Timestamp`]: stampOf(`code${code}`, called) };
}

/** Roads with even numbers go from east to west. */
function flowOf(district: number): string {
  const [, route] = roads[district - 1] as Place;
  return /[02468]$/.test(route) ? 'East / West' : 'North / South';
}

function endOf(prefix: 'begin' | 'end', district: number, along: number): object {
  const [county, route, nearby, latitude, longitude] = roads[district - 1] as Place;
  const members = {
    District: String(district),
    LocationName: '',
    FreeFormDescription: `${prefix === 'begin' ? 'south' : 'north'} of ${nearby}`,
    NearbyPlace: nearby,
    Longitude: longitude.toFixed(6),
    Latitude: (latitude + along).toFixed(6),
    Elevation: NOT_REPORTED,
    Direction: '',
    County: county,
    Route: route,
    RouteSuffix: '',
    PostmilePrefix: '',
    Postmile: (10 + along * 69).toFixed(3),
    Alignment: '',
    Milepost: NOT_REPORTED,
  };
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [`${prefix}${name}`, value]));
}
