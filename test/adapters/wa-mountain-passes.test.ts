import { expect, test } from '@jest/globals';
import { waMountainPasses } from '../../lambdas/adapters/wa-mountain-passes.ts';
import type { FeedPart } from '../../lambdas/domain/feeds/adapter.ts';
import { type Pass, passesFile, restricted } from '../support/feeds/passes-file.ts';

const [part] = waMountainPasses.parts('key') as [FeedPart];
const parse = (...passes: Pass[]) => waMountainPasses.parse(passesFile(passes), part);
const record = (edits: Pass) => parse(edits, {}).records[0];

test('a pass without restrictions is a record too, with what is said of it', () => {
  expect(record({ MountainPassId: 12 })).toEqual({
    recordId: 'pass-12',
    title: 'Snowy Pass US 12: No restrictions',
    status: 'inactive',
    severity: 'none',
    geometry: { type: 'Point', coordinates: [-121.39, 46.638333] },
    startsAt: null,
    endsAt: null,
    properties: {
      name: 'Snowy Pass US 12',
      restrictions: [
        { direction: 'Eastbound', text: 'No restrictions' },
        { direction: 'Westbound', text: 'No restrictions' },
      ],
      road_condition: 'Compact snow and ice.',
      weather_condition: null,
      temperature_fahrenheit: 31,
      elevation_feet: 4500,
      travel_advisory_active: false,
      date_updated: '2026-01-15T20:01:03Z',
    },
  });
});

test.each([
  ['No restrictions', 'inactive', 'none'],
  ['No  Restrictions.', 'inactive', 'none'],
  ['Pass Closed', 'active', 'severe'],
  ['Closed for the season', 'active', 'severe'],
  ['Travel not advised', 'active', 'severe'],
  ['Right lane closed', 'active', 'moderate'],
  ['Shoulder closed', 'active', 'minor'],
  ['Chains required on all vehicles except all wheel drive.', 'active', 'moderate'],
  ['Traction Tires Advised, Oversize Vehicles Prohibited.', 'active', 'minor'],
  ['', 'unknown', 'unknown'],
  ['See the web site', 'unknown', 'unknown'],
  // What is not restricted in one way may be in another.
  ['Pass not closed', 'unknown', 'unknown'],
  ['No chains required', 'unknown', 'unknown'],
  ['constructor', 'unknown', 'unknown'],
])('"%s" is %s, %s', (text, status, severity) => {
  expect(record(restricted(text))).toMatchObject({ status, severity });
});

test.each([
  ['No restrictions', 'Pass Closed', 'active', 'severe'],
  ['Traction Tires Advised', 'Chains required', 'active', 'moderate'],
  ['No restrictions', '', 'unknown', 'unknown'],
  ['', 'Traction Tires Advised', 'active', 'minor'],
])('"%s" one way and "%s" the other is the graver of both', (eastbound, westbound, status, severity) => {
  expect(record(restricted(eastbound, westbound))).toMatchObject({ status, severity });
});

test('the title tells directions apart where they differ', () => {
  const { records } = parse(restricted('Pass Closed'), restricted('No restrictions', 'Pass Closed'));
  expect(records.map(({ title }) => title)).toEqual([
    'Snowy Pass US 12: Pass Closed',
    'Snowy Pass US 12: Eastbound No restrictions; Westbound Pass Closed',
  ]);
});

test.each([
  ['Road closed at milepost 57. No estimated time to reopen.', 'active', 'severe', 'Road closed at milepost 57'],
  ['Snow. SR 20 is temporarily closed, see map', 'active', 'severe', 'SR 20 is temporarily closed'],
  ['Travel is not advised', 'active', 'severe', 'Travel is not advised'],
  ['Chains are required on all vehicles.', 'active', 'moderate', 'Chains are required on all vehicles'],
  ['Bare and dry, left lane closed', 'active', 'moderate', 'left lane closed'],
  // None of these restricts anyone.
  ['Pass not closed.', 'inactive', 'none', 'No restrictions'],
  ['Rest area closed.', 'inactive', 'none', 'No restrictions'],
  ['Road will be closed on Monday.', 'inactive', 'none', 'No restrictions'],
  ['Caution advised', 'inactive', 'none', 'No restrictions'],
])('"no restrictions" on a road told to be "%s" is %s, %s', (RoadCondition, status, severity, said) => {
  expect(record({ RoadCondition })).toMatchObject({ status, severity, title: `Snowy Pass US 12: ${said}` });
});

test('what is told of the road adds nothing to a restriction that is as grave', () => {
  const closed = { ...restricted('Pass Closed'), RoadCondition: 'The road is closed.' };
  expect(record(closed)).toMatchObject({ severity: 'severe', title: 'Snowy Pass US 12: Pass Closed' });
  const unread = { ...restricted('See map'), RoadCondition: 'The road is closed.' };
  expect(record(unread)).toMatchObject({ severity: 'severe', title: 'Snowy Pass US 12: The road is closed' });
});

test('a travel advisory restricts nothing by itself: it is set for most passes, be they bare and dry', () => {
  expect(record({ TravelAdvisoryActive: true, RoadCondition: 'Bare and dry' })).toMatchObject({
    status: 'inactive',
    severity: 'none',
    properties: { travel_advisory_active: true },
  });
});

test('a report stands until the next one, however old', () => {
  const DateUpdated = '/Date(1751328000000-0700)/';
  const reported = { date_updated: '2025-07-01T00:00:00Z' };
  expect(record({ DateUpdated })).toMatchObject({ status: 'inactive', properties: reported });
  expect(record({ DateUpdated, ...restricted('Pass Closed') })).toMatchObject({
    status: 'active',
    properties: reported,
  });
});

test.each([
  'No current information available. Travelers should be prepared for changing conditions.',
  'Seasonal weather reports have ended for this winter.',
])('"no restrictions" is not believed where nobody knows anything: %s', (RoadCondition) => {
  const unknown = { status: 'unknown', severity: 'unknown', title: 'Snowy Pass US 12: conditions unknown' };
  expect(record({ RoadCondition })).toMatchObject(unknown);
  expect(record({ RoadCondition, ...restricted('Pass Closed') })).toMatchObject({ status: 'active' });
});

test('a closed pass is closed whatever its travel advisory says', () => {
  expect(record({ ...restricted('Pass Closed'), TravelAdvisoryActive: false })).toMatchObject({
    status: 'active',
    properties: { travel_advisory_active: false },
  });
});

test('what is missing of a pass is not there, and the rest is', () => {
  expect(record({ Latitude: 0, Longitude: 0, TemperatureInFahrenheit: null, DateUpdated: '2026-01-15' })).toMatchObject(
    {
      geometry: null,
      properties: { temperature_fahrenheit: null, date_updated: null },
    },
  );
  expect(record({ RestrictionOne: null, RestrictionTwo: null })).toMatchObject({ status: 'unknown' });
});

/** 01:30 twice on the same night: the milliseconds are the instant, and the offset adds nothing to it. */
test.each([
  ['/Date(1793521800000-0700)/', '2026-11-01T08:30:00Z'],
  ['/Date(1793525400000-0800)/', '2026-11-01T09:30:00Z'],
  ['/Date(1793525400000+0000)/', '2026-11-01T09:30:00Z'],
  ['/Date(1793525400000)/', '2026-11-01T09:30:00Z'],
])('%s is %s', (DateUpdated, instant) => {
  expect(record({ DateUpdated })?.properties.date_updated).toBe(instant);
});

test('the feed is as old as the last report on any pass', () => {
  const earlier = { DateUpdated: '/Date(1761327773107-0700)/' };
  expect(parse(earlier, {}, earlier).publishedAt).toBe(Date.parse('2026-01-15T20:01:03Z'));
  // A report of the year 33658 is none.
  expect(parse(earlier, { DateUpdated: '/Date(999999999999999)/' }).publishedAt).toBe(1_761_327_773_107);
  expect(() => parse({ DateUpdated: '' })).toThrow('nothing from upstream says when it was made');
});

test('a pass without an id is none of those that are known', () => {
  expect(parse({ MountainPassId: null }, {}, {})).toMatchObject({ unreadRows: 1, records: [{}, {}] });
});

test('the answer to a bad key is named as one', () => {
  const body = Buffer.from('{"Message": "Invalid access code"}');
  expect(() => waMountainPasses.parse(body, part)).toThrow('is the access code still valid?');
});

test('a file of which most is not understood is not trusted', () => {
  expect(() => parse(restricted('Open'), restricted('Open'), {})).toThrow(
    '2 of 3 rows from upstream are not understood',
  );
});
