import { expect, test } from '@jest/globals';
import { caLaneClosures } from '../../lambdas/adapters/ca-lane-closures.ts';
import type { FeedPart } from '../../lambdas/domain/feeds/adapter.ts';
import { type Edits, laneClosuresFile } from '../support/feeds/caltrans-file.ts';

const parts = caLaneClosures.parts(undefined);
const part = parts[2] as FeedPart;
const parse = (...rows: Edits[]) => caLaneClosures.parse(laneClosuresFile(rows), part);
/** Beside rows that are all right, as one that is not is no reason to distrust the file. */
const record = (edits: Edits) => parse(edits, {}).records[0];

const called = (code: '1097' | '1098' | '1022', epoch = ''): Edits => ({
  [`closure.code${code}.isCode${code}`]: 'true',
  [`closure.code${code}.code${code}Timestamp.code${code}Epoch`]: epoch,
});
const times = (edits: Edits): Edits =>
  Object.fromEntries(Object.entries(edits).map(([name, text]) => [`closure.closureTimestamp.${name}`, text]));
/** As of the file's own time. */
const yesterday = times({ closureStartEpoch: '1768450000', closureEndEpoch: '1768480000' });
const indefinite = times({
  isClosureEndIndefinite: 'true',
  closureEndEpoch: '',
  closureEndDate: '',
  closureEndTime: '',
});
const noEndSaid = { ...indefinite, ...times({ isClosureEndIndefinite: '' }) };

test('reads all districts, with room and time for that of Los Angeles', () => {
  expect(parts.map(({ url }) => url)).toHaveLength(12);
  expect(part.url).toBe('https://cwwp2.dot.ca.gov/data/d3/lcs/lcsStatusD03.json');
  expect(parts[6]?.maxBytes).toBeGreaterThan(2 * 13_600_000);
});

test('a window is a record, with what is said of it', () => {
  const { records, publishedAt } = parse({});
  expect(publishedAt).toBe(Date.parse('2026-01-16T04:53:03Z'));
  const description = "400' east of the bridge / at the sign";
  expect(records).toEqual([
    {
      recordId: 'district-3/C80A-0000-2026-01-16-08:01:00',
      title: 'I-80 East / West at Kingvale: Lane closure (1, 2), Slab Replacement',
      status: 'scheduled',
      severity: 'moderate',
      geometry: {
        type: 'MultiPoint',
        coordinates: [
          [-120.4321, 39.3185],
          [-120.4019, 39.3201],
        ],
      },
      startsAt: Date.parse('2026-01-16T16:01:00Z'),
      endsAt: Date.parse('2026-01-17T00:59:00Z'),
      properties: {
        closure_id: 'C80A',
        log_number: '1',
        facility: 'Mainline',
        type_of_closure: 'Lane',
        type_of_work: 'Slab Replacement',
        duration_of_closure: 'Standard',
        estimated_delay_minutes: 10,
        lanes_closed: '1, 2',
        total_existing_lanes: 3,
        is_chin_reportable: true,
        requested_at: '2026-01-05T17:22:53Z',
        planned_end: '2026-01-17T00:59:00Z',
        is_end_indefinite: false,
        is_standing: false,
        travel_flow_direction: 'East / West',
        code_1097: { called: false, at: null },
        code_1098: { called: false, at: null },
        code_1022: { called: false, at: null },
        begin: expect.objectContaining({ route: 'I-80', postmile: '58.70', direction: null, description }),
        end: expect.objectContaining({ route: 'I-80', milepost: 171.02, description }),
      },
    },
  ]);
});

test.each([
  ['nothing called, before its end', {}, 'scheduled'],
  ['nothing called, after its end', yesterday, 'completed'],
  ['nothing called, at its end', times({ closureEndEpoch: '1768539183' }), 'completed'],
  ['set up', called('1097'), 'active'],
  ['set up, after its planned end: crews overrun', { ...yesterday, ...called('1097') }, 'active'],
  ['set up and picked up, before its planned end', { ...called('1097'), ...called('1098') }, 'completed'],
  ['cancelled', called('1022'), 'cancelled'],
  ['cancelled after all the rest', { ...called('1097'), ...called('1098'), ...called('1022') }, 'cancelled'],
  ['nothing called, without an end', indefinite, 'scheduled'],
  ['nothing called, its end not over and not said', noEndSaid, 'scheduled'],
  ['open-ended, whatever end is written', { ...yesterday, ...times({ isClosureEndIndefinite: 'true' }) }, 'scheduled'],
  ['set up, without an end', { ...yesterday, ...indefinite, ...called('1097') }, 'active'],
  // What can't be read is never taken for "not called".
  ['1097 unreadable', { ...yesterday, 'closure.code1097.isCode1097': '' }, 'unknown'],
  ['1098 unreadable', { ...called('1097'), 'closure.code1098.isCode1098': 'Not Reported' }, 'unknown'],
  ['1022 unreadable', { ...called('1097'), 'closure.code1022.isCode1022': '' }, 'unknown'],
  ['1097 unreadable, but cancelled', { ...called('1022'), 'closure.code1097.isCode1097': '' }, 'cancelled'],
  ['begun, and nothing said of its end', { ...yesterday, ...noEndSaid }, 'unknown'],
])('%s: %s', (_, edits: Edits, status) => {
  expect(record(edits)?.status).toBe(status);
});

test('it ends when it was picked up; not at all while a crew overruns; as planned otherwise', () => {
  expect(record({ ...called('1098', '1768500000') })?.endsAt).toBe(1768500000_000);
  expect(record({ ...yesterday, ...called('1097') })).toMatchObject({
    endsAt: null,
    properties: { planned_end: '2026-01-15T12:26:40Z' },
  });
  expect(record(called('1022'))?.endsAt).toBe(Date.parse('2026-01-17T00:59:00Z'));
  expect(record({ ...yesterday, ...called('1022') })?.endsAt).toBe(1768480000_000);
});

test('what has been closed for a year is how the road is', () => {
  const aYearAgo = times({ closureStartEpoch: '1736900000' });
  const full = { 'closure.typeOfClosure': 'Full', 'closure.lanesClosed': 'All' };
  expect(record({ ...aYearAgo, ...full, ...called('1097') })).toMatchObject({
    title: 'I-80 East / West at Kingvale: Full closure (All), Slab Replacement',
    status: 'active',
    severity: 'severe',
    properties: { is_standing: true },
  });
  expect(record({ ...aYearAgo, ...called('1098') })?.properties.is_standing).toBe(false);
  expect(record({ ...yesterday, ...called('1097') })?.properties.is_standing).toBe(false);
});

test.each([
  ['Full', 'All', 'severe'],
  ['One-Way Traffic', '1', 'moderate'],
  ['Moving', '1', 'minor'],
  ['Lane', 'RShoulder', 'minor'],
  ['Lane', 'LShoulder, 1, 2, RShoulder', 'moderate'],
  ['Rolling Ballet', '1', 'unknown'],
  ['', '', 'unknown'],
  ['constructor', '1', 'unknown'],
  ['__proto__', '1', 'unknown'],
])('a closure of type "%s", lanes "%s", is %s', (typeOfClosure, lanesClosed, severity) => {
  expect(record({ 'closure.typeOfClosure': typeOfClosure, 'closure.lanesClosed': lanesClosed })?.severity).toBe(
    severity,
  );
});

test('a window that is over or cancelled hinders nobody', () => {
  expect([record(called('1022')), record(yesterday)].map((one) => one?.severity)).toEqual(['none', 'none']);
});

/** Both are 01:30 on the same night. */
test.each([
  ['1793521800', '2026-11-01T08:30:00Z'],
  ['1793525400', '2026-11-01T09:30:00Z'],
  // The epoch is missing: the earlier one.
  ['', '2026-11-01T08:30:00Z'],
  ['Not Reported', '2026-11-01T08:30:00Z'],
  ['17935254000000', '2026-11-01T08:30:00Z'],
])('when clocks go back, epoch "%s" tells which 01:30 it is', (closureStartEpoch, instant) => {
  const start = times({ closureStartDate: '2026-11-01', closureStartTime: '01:30:00', closureStartEpoch });
  expect(record(start)?.startsAt).toBe(Date.parse(instant));
});

test('a time that clocks skip is moved on, as in the time of the file', () => {
  const start = times({ closureStartDate: '2026-03-08', closureStartTime: '02:30:00', closureStartEpoch: '' });
  expect(record(start)?.startsAt).toBe(Date.parse('2026-03-08T10:30:00Z'));
  const made = { recordDate: '2026-03-08', recordTime: '02:30:00', recordEpoch: '' };
  const file = Object.fromEntries(Object.entries(made).map(([name, text]) => [`recordTimestamp.${name}`, text]));
  expect(parse(file, file).publishedAt).toBe(Date.parse('2026-03-08T10:30:00Z'));
});

test('one end of it is a point; without any it is nowhere', () => {
  const noEnd = { 'location.end.endLatitude': 'Not Reported', 'location.end.endLongitude': 'Not Reported' };
  const noBegin = { 'location.begin.beginLatitude': '', 'location.begin.beginLongitude': '' };
  const samePlace = { 'location.end.endLatitude': '39.318500', 'location.end.endLongitude': '-120.432100' };
  const begin = { type: 'Point', coordinates: [-120.4321, 39.3185] };
  expect(record(noEnd)?.geometry).toEqual(begin);
  expect(record(samePlace)?.geometry).toEqual(begin);
  expect(record(noBegin)?.geometry).toEqual({ type: 'Point', coordinates: [-120.4019, 39.3201] });
  expect(record({ ...noBegin, ...noEnd })?.geometry).toBeNull();
  const nowhere = { 'location.end.endLatitude': '0.000000', 'location.end.endLongitude': '0.000000' };
  expect(record(nowhere)?.geometry).toEqual(begin);
  expect(record({ 'location.end.endLatitude': '391.3' })?.geometry).toEqual(begin);
});

test('a delay that is not reported is not a delay of nothing', () => {
  const delay = (estimatedDelay: string) => record({ 'closure.estimatedDelay': estimatedDelay })?.properties;
  expect(delay('Not Reported')?.estimated_delay_minutes).toBeNull();
  expect(delay('0')?.estimated_delay_minutes).toBe(0);
});

test('a file of which most is not understood is not trusted', () => {
  const other = { 'closure.code1097.isCode1097': 'Y' };
  expect(() => parse(other, other, {})).toThrow('2 of 3 rows from upstream are not understood');
});
