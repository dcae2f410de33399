import { describe, expect, test } from '@jest/globals';
import { caChainControls } from '../../lambdas/adapters/ca-chain-controls.ts';
import type { FeedPart } from '../../lambdas/domain/feeds/adapter.ts';
import { chainControlsFile, type Edits } from '../support/feeds/caltrans-file.ts';

const parts = caChainControls.parts(undefined);
const part = parts[2] as FeedPart;
const parse = (...rows: Edits[]) => caChainControls.parse(chainControlsFile(rows), part);
/** Beside rows that are all right, as one that is not is no reason to distrust the file. */
const record = (edits: Edits) => parse(edits, {}).records[0];

test('reads the districts that publish, padded in the name of the file only', () => {
  expect(parts.map(({ id }) => id)).toEqual([1, 2, 3, 6, 7, 8, 9, 10, 11].map((district) => `district-${district}`));
  expect(part.url).toBe('https://cwwp2.dot.ca.gov/data/d3/cc/ccStatusD03.json');
  expect(parts.at(-1)?.url).toBe('https://cwwp2.dot.ca.gov/data/d11/cc/ccStatusD11.json');
});

test('a checkpoint without a control is a record too, with what is said of it', () => {
  expect(record({})).toEqual({
    recordId: 'district-3/3-NEV-80-R58.7-E-0',
    title: 'I-80 East at Kingvale: no chain controls',
    status: 'inactive',
    severity: 'none',
    geometry: { type: 'Point', coordinates: [-120.4321, 39.3185] },
    startsAt: null,
    endsAt: null,
    properties: {
      location_name: 'Kingvale',
      nearby_place: 'Soda Springs',
      county: 'Nevada',
      route: 'I-80',
      route_suffix: null,
      direction: 'East',
      postmile_prefix: 'R',
      postmile: '58.70',
      alignment: null,
      milepost: 171.02,
      elevation_feet: 6105,
      in_service: true,
      chain_control: 'R-0',
      description: 'No chain controls are in effect at this time.',
      status_changed_at: '2026-01-15T05:12:40Z',
    },
  });
});

test.each([
  ['R-1', 'active', 'minor'],
  ['R-2', 'active', 'moderate'],
  ['R-3', 'active', 'severe'],
  ['r2', 'active', 'moderate'],
  [' R-0 ', 'inactive', 'none'],
  // None of these is ever "none".
  ['', 'unknown', 'unknown'],
  ['R-4', 'unknown', 'unknown'],
  ['HT', 'unknown', 'unknown'],
  ['Not Reported', 'unknown', 'unknown'],
  ['-118.871500', 'unknown', 'unknown'],
])('status "%s" is %s, %s', (raw, status, severity) => {
  expect(record({ 'statusData.status': raw })).toMatchObject({ status, severity });
});

test('a control is in force since its status last changed, however long ago', () => {
  const edits = { 'statusData.status': 'R-2', 'statusData.statusTimestamp.statusDate': '2025-11-30' };
  expect(record(edits)).toMatchObject({
    title: 'I-80 East at Kingvale: chain controls R-2',
    startsAt: Date.parse('2025-12-01T05:12:40Z'),
    endsAt: null,
  });
});

test.each([
  ['false', 'R-0', 'unknown'],
  ['false', 'R-2', 'unknown'],
  ['', 'R-0', 'unknown'],
  ['', 'R-2', 'active'],
  ['True', 'R-0', 'inactive'],
])('in service "%s" with %s is %s', (inService, status, expected) => {
  expect(record({ inService, 'statusData.status': status })?.status).toBe(expected);
});

test('a row without a place keeps what else it says', () => {
  const nowhere = { 'location.latitude': 'Not Reported', 'location.longitude': 'Not Reported' };
  const unnamed = { 'location.locationName': '', 'location.nearbyPlace': '', 'location.direction': '*' };
  expect(record({ ...nowhere, ...unnamed, 'statusData.status': 'R-1' })).toMatchObject({
    title: 'I-80: chain controls R-1',
    status: 'active',
    geometry: null,
    properties: { direction: null, location_name: null },
  });
});

test('two checkpoints of one place stay two', () => {
  const { records } = parse({ index: '3-ED-50-E-159' }, { index: '3-ED-50-E-159a' });
  expect(records.map(({ recordId }) => recordId)).toEqual(['district-3/3-ED-50-E-159', 'district-3/3-ED-50-E-159a']);
});

test('a checkpoint that is not named is no record, as it may be any of those that are known', () => {
  const { records, unreadRows } = parse({ index: '' }, { index: 'Not Reported', 'statusData.status': 'R-2' }, {}, {});
  expect([records.length, unreadRows]).toEqual([2, 2]);
});

test('bytes that are no UTF-8 are replaced, and the rest is read', () => {
  const body = Buffer.from(chainControlsFile([{ 'location.locationName': 'Ca#on' }, {}]));
  body[body.indexOf('#')] = 0xf1;
  const { records } = caChainControls.parse(body, part);
  expect(records.map(({ title }) => title)).toEqual([
    'I-80 East at Ca\uFFFDon: no chain controls',
    'I-80 East at Kingvale: no chain controls',
  ]);
});

describe('a file', () => {
  test.each([
    ['in summer', '2026-07-22', '11:33:03', '2026-07-22T18:33:03Z'],
    ['in winter', '2026-01-15', '12:01:03', '2026-01-15T20:01:03Z'],
    ['before clocks go back', '2026-11-01', '00:59:59', '2026-11-01T07:59:59Z'],
    ['after clocks went back', '2026-11-01', '02:00:00', '2026-11-01T10:00:00Z'],
    ['before clocks go forward', '2026-03-08', '01:59:59', '2026-03-08T09:59:59Z'],
    ['after clocks went forward', '2026-03-08', '03:00:00', '2026-03-08T10:00:00Z'],
    // Skipped that night, as the clock would have shown it.
    ['while clocks go forward', '2026-03-08', '02:30:00', '2026-03-08T10:30:00Z'],
    // Twice that night: it never looks an hour older than it is.
    ['while it is the same hour again', '2026-11-01', '01:30:00', '2026-11-01T09:30:00Z'],
  ])('made %s is as old as its local time', (_, recordDate, recordTime, instant) => {
    const made = { 'recordTimestamp.recordDate': recordDate, 'recordTimestamp.recordTime': recordTime };
    expect(parse(made).publishedAt).toBe(Date.parse(instant));
  });

  test('is as old as its newest row', () => {
    expect(parse({}, { 'recordTimestamp.recordDate': '2026-01-13' }).publishedAt).toBe(
      Date.parse('2026-01-15T20:01:03Z'),
    );
  });

  test('is of no year that has five digits', () => {
    const epoch = { 'recordTimestamp.recordEpoch': '9'.repeat(400) };
    expect(parse(epoch).publishedAt).toBe(Date.parse('2026-01-15T20:01:03Z'));
  });

  test.each(['', 'Not Reported', '2026-02-30', '1970-01-01'])('made on "%s" is not trusted', (recordDate) => {
    expect(() => parse({ 'recordTimestamp.recordDate': recordDate })).toThrow('when it was made');
  });

  test('of which most is not understood is not trusted', () => {
    const other = { 'statusData.status': 'chains' };
    expect(parse(other, other, {}, {}).records).toHaveLength(4);
    expect(() => parse(other, other, {})).toThrow('2 of 3 rows from upstream are not understood');
  });

  test('whose rows are named otherwise is not an empty one', () => {
    const body = Buffer.from(chainControlsFile([{}, {}]).toString().replaceAll('"cc"', '"chainControl"'));
    expect(() => caChainControls.parse(body, part)).toThrow('when it was made');
  });
});
