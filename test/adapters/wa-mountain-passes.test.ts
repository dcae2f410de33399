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
  ['Chains required on all vehicles except all wheel drive.', 'active', 'moderate'],
  ['Traction Tires Advised, Oversize Vehicles Prohibited.', 'active', 'minor'],
  ['', 'unknown', 'unknown'],
  ['See the web site', 'unknown', 'unknown'],
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

test('"no restrictions" is not believed where nobody knows anything', () => {
  const RoadCondition = 'No current information available. Travelers should be prepared for changing conditions.';
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
  expect(() => parse({ DateUpdated: '' })).toThrow('when it was reported on');
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
