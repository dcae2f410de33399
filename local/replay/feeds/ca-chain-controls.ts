import { MINUTE_MS } from '../made-up.ts';
import type { ReplayFeed } from '../replay-feed.ts';
import { caltransJson, districtOf, fileOf, localTime, NOT_REPORTED } from './caltrans.ts';

type Checkpoint = readonly [
  county: string,
  route: string,
  postmile: string,
  name: string,
  nearby: string,
  latitude: string,
  longitude: string,
  feet: number,
];

const checkpoints: { readonly [district: number]: readonly Checkpoint[] } = {
  1: [
    ['DN', 'US-199', '24.10', 'Collier Tunnel', 'Gasquet', '41.975', '-123.755', 2100],
    ['HUM', 'SR-299', '30.20', 'Berry Summit', 'Willow Creek', '40.902', '-123.771', 2859],
  ],
  2: [
    ['SIS', 'I-5', '66.30', 'Siskiyou Summit', 'Hilt', '41.995', '-122.603', 4310],
    ['SHA', 'SR-44', '62.40', 'Eskimo Hill', 'Old Station', '40.586', '-121.551', 5933],
    ['LAS', 'SR-36', '15.80', 'Fredonyer Pass', 'Westwood', '40.361', '-120.873', 5748],
  ],
  3: [
    ['NEV', 'I-80', '5.60', 'Donner Summit', 'Soda Springs', '39.340', '-120.344', 7239],
    ['ED', 'US-50', '66.50', 'Echo Summit', 'Meyers', '38.813', '-120.034', 7382],
    ['ALP', 'SR-89', '23.60', 'Luther Pass', 'Markleeville', '38.787', '-119.947', 7740],
    ['BUT', 'SR-32', '31.60', 'Carpenter Ridge', 'Forest Ranch', '39.969', '-121.639', 3205],
  ],
  6: [
    ['FRE', 'SR-168', '49.30', 'Tamarack Ridge', 'Shaver Lake', '37.163', '-119.205', 7582],
    ['KER', 'SR-58', '91.40', 'Tehachapi Summit', 'Tehachapi', '35.101', '-118.283', 4064],
  ],
  7: [
    ['KER', 'I-5', '10.20', 'Fort Tejon', 'Lebec', '34.874', '-118.896', 3560],
    ['LA', 'SR-2', '64.10', 'Cloudburst Summit', 'La Canada', '34.351', '-117.934', 7018],
    ['LA', 'SR-39', '38.20', 'Crystal Lake', 'Azusa', '34.317', '-117.842', 5740],
  ],
  8: [
    ['SBD', 'SR-18', '43.10', 'Lakeview Point', 'Big Bear Lake', '34.213', '-117.063', 7112],
    ['SBD', 'SR-38', '32.70', 'Onyx Summit', 'Angelus Oaks', '34.192', '-116.718', 8443],
  ],
  9: [
    ['MNO', 'US-395', '13.20', 'Deadman Summit', 'June Lake', '37.771', '-119.010', 8041],
    ['MNO', 'SR-120', '12.10', 'Tioga Pass', 'Lee Vining', '37.911', '-119.258', 9943],
  ],
  10: [
    ['ALP', 'SR-88', '5.20', 'Carson Pass', 'Kirkwood', '38.695', '-119.988', 8574],
    ['TUO', 'SR-108', '60.10', 'Donnell Vista', 'Strawberry', '38.336', '-119.929', 6250],
  ],
  11: [
    ['SD', 'SR-79', '14.80', 'Cañada Verde', 'Warner Springs', '33.271', '-116.641', 3100],
    ['SD', 'I-8', '50.10', 'Crestwood Summit', 'Boulevard', '32.711', '-116.337', 4190],
  ],
};

const counties: { readonly [code: string]: string } = {
  ALP: 'Alpine',
  BUT: 'Butte',
  DN: 'Del Norte',
  ED: 'El Dorado',
  FRE: 'Fresno',
  HUM: 'Humboldt',
  KER: 'Kern',
  LA: 'Los Angeles',
  LAS: 'Lassen',
  MNO: 'Mono',
  NEV: 'Nevada',
  SBD: 'San Bernardino',
  SD: 'San Diego',
  SHA: 'Shasta',
  SIS: 'Siskiyou',
  TUO: 'Tuolumne',
};

const meanings = [
  'No chain controls are in effect at this time.',
  'Chains, traction devices or snow tires are required on the drive axle of all vehicles.',
  'Chains are required on all vehicles except four wheel drive vehicles with snow tires on all wheels.',
  'Chains are required on all vehicles, no exceptions.',
];

const STEP_MS = 5 * MINUTE_MS;
/** A storm crosses the state from north to south in an hour, and then the next one does. */
const STORM_STEPS = 12;
/** Where a checkpoint has been as it is for longer than a storm. */
const LONG_AGO = Date.UTC(2026, 4, 5, 12, 58, 27);

/** Checkpoints in an hourly storm: the snow line falls to 3,000 feet and rises again. */
export const caChainControls: ReplayFeed = {
  files: Object.keys(checkpoints).map((district) => fileOf('cc', Number(district))),
  contentType: 'application/json',
  madeEveryMs: MINUTE_MS,
  bodyAt(madeAt, file) {
    const district = districtOf(file);
    const rows = (checkpoints[district] ?? []).map((checkpoint, at) => rowOf(checkpoint, { district, at, madeAt }));
    const text = caltransJson('cc', rows);
    // District 11 does not write UTF-8.
    return district === 11 ? Buffer.from(text, 'latin1') : text;
  },
  troubles: [{ minutes: [10, 15], file: fileOf('cc', 3), kind: { name: 'refused', status: 500 } }],
};

type Row = { readonly district: number; readonly at: number; readonly madeAt: number };

function rowOf(checkpoint: Checkpoint, { district, at, madeAt }: Row): object {
  const [county, route, postmile, name, nearby, latitude, longitude, feet] = checkpoint;
  const direction = /-(\d*[02468])$/.test(route) ? 'East' : 'North';
  const [recordDate, recordTime] = localTime(madeAt);
  // One of district 7 has a longitude for its status, as the real one had for months.
  const isBroken = district === 7 && at === 2;
  return {
    index: `${district}-${county}-${route.replace(/^\D+/, '')}-${Number(postmile)}-${direction.charAt(0)}-${at + 1}`,
    recordTimestamp: { recordDate, recordTime },
    location: {
      district: String(district),
      locationName: name,
      nearbyPlace: nearby,
      longitude: isBroken ? NOT_REPORTED : longitude,
      latitude: isBroken ? NOT_REPORTED : latitude,
      elevation: String(feet),
      direction,
      county: counties[county] ?? NOT_REPORTED,
      route,
      routeSuffix: '',
      postmilePrefix: '',
      postmile,
      alignment: '',
      milepost: NOT_REPORTED,
    },
    inService: 'true',
    statusData: isBroken ? brokenStatus(longitude) : statusOf(feet, district, Math.floor(madeAt / STEP_MS)),
  };
}

function brokenStatus(longitude: string): object {
  return { statusTimestamp: { statusDate: '', statusTime: '' }, status: longitude, statusDescription: '' };
}

function statusOf(feet: number, district: number, step: number): object {
  const level = levelAt(feet, district, step);
  const steps = Array.from({ length: STORM_STEPS }, (_, back) => step - back);
  const changed = steps.find((one) => levelAt(feet, district, one - 1) !== level);
  const [statusDate, statusTime] = localTime(changed === undefined ? LONG_AGO : changed * STEP_MS);
  return {
    statusTimestamp: { statusDate, statusTime },
    status: `R-${level}`,
    statusDescription: meanings[level],
  };
}

function levelAt(feet: number, district: number, step: number): number {
  const phase = ((step + STORM_STEPS - district) % STORM_STEPS) / STORM_STEPS;
  const strength = 1 - Math.abs(2 * phase - 1);
  const above = feet - (9000 - 6000 * strength);
  return above <= 0 ? 0 : Math.min(3, 1 + Math.floor(above / 1500));
}
