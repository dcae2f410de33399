import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { timestampParser } from '../../../lambdas/domain/mapping/timestamp-parser.ts';

const parse = (text: string, format = 'iso', zone?: string) => timestampParser(format, zone, 'mapping.timestamp')(text);

describe('iso', () => {
  test.each([
    ['2026-03-03T10:35:22Z', '2026-03-03T10:35:22Z'],
    ['2026-03-03T10:35:22.000Z', '2026-03-03T10:35:22Z'],
    ['2026-03-03T10:35:22.1234567Z', '2026-03-03T10:35:22.123Z'],
    [' 2026-03-03 10:35 ', '2026-03-03T10:35:00Z'],
    ['2026-03-03', '2026-03-03T00:00:00Z'],
    ['2026-03-03T10:35:22+02:00', '2026-03-03T08:35:22Z'],
    ['2026-03-03T23:30:00-0130', '2026-03-04T01:00:00Z'],
    ['2026-03-03 10:35:22 +01', '2026-03-03T09:35:22Z'],
    ['2024-02-29', '2024-02-29T00:00:00Z'],
    ['0001-01-01', '0001-01-01T00:00:00Z'],
  ])('%s', (text, expected) => {
    expect(parse(text)).toBe(expected);
  });

  test.each([
    '2026-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-03-03T24:00:00Z',
    '2026-03-03T10:60:00Z',
    '2026-03-03T10:00:60Z',
    '2026-3-3',
    '03.03.2026',
    'yesterday',
    '',
    '2026-03-03T10',
    '2026-03-03T10:00:00+25:00',
    '1700000000',
    '0000-01-01T00:00:00+01:00',
  ])('%s is no time', (text) => {
    expect(parse(text)).toBeUndefined();
  });

  test('an offset in the text beats the zone', () => {
    expect(parse('2026-07-01T12:00:00+02:00', 'iso', 'America/Los_Angeles')).toBe('2026-07-01T10:00:00Z');
  });
});

describe('epoch', () => {
  test.each([
    ['epoch_s', '1700000000', '2023-11-14T22:13:20Z'],
    ['epoch_s', '1700000000.123', '2023-11-14T22:13:20.123Z'],
    ['epoch_s', '-1', '1969-12-31T23:59:59Z'],
    ['epoch_ms', '1700000000123', '2023-11-14T22:13:20.123Z'],
    ['epoch_ms', '1e3', undefined],
    ['epoch_s', '99999999999999', undefined],
    ['epoch_s', '2023-11-14', undefined],
  ])('%s %s', (format, text, expected) => {
    expect(parse(text, format)).toBe(expected);
  });
});

describe('patterns', () => {
  test.each([
    ['dd.MM.yyyy HH:mm', '03.04.2026 05:06', '2026-04-03T05:06:00Z'],
    ['yyyy/M/d', '2018/3/31', '2018-03-31T00:00:00Z'],
    ['yyyy/M/d', '2018/03/31', '2018-03-31T00:00:00Z'],
    ['d.M.yy H:m:s', '1.2.68 3:4:5', '2068-02-01T03:04:05Z'],
    ['d.M.yy', '1.2.69', '1969-02-01T00:00:00Z'],
    ['yyyyMMddHHmmssSSS', '20260304050607089', '2026-03-04T05:06:07.089Z'],
    ['yyyy-MM-ddTHH:mm:ss.SZ', '2026-03-04T05:06:07.5Z', '2026-03-04T05:06:07.500Z'],
    ["d 'de' M 'de' yyyy", '3 de 4 de 2026', '2026-04-03T00:00:00Z'],
    ['(yyyy) MM+dd', '(2026) 03+04', '2026-03-04T00:00:00Z'],
    ['d MMM yyyy', '3 Mar 2026', '2026-03-03T00:00:00Z'],
    ['MMMM d, yyyy', 'DECEMBER 31, 2026', '2026-12-31T00:00:00Z'],
    ['EEE, dd MMM yyyy HH:mm:ss XX', 'Tue, 03 Mar 2026 10:35:22 -0800', '2026-03-03T18:35:22Z'],
    ['EEEE yyyy-MM-dd HH:mmXXX', 'Tuesday 2026-03-03 10:35+05:30', '2026-03-03T05:05:00Z'],
    ['yyyy-MM-dd HH:mmXXX', '2026-03-03 10:35Z', '2026-03-03T10:35:00Z'],
    ['M/d/yyyy h:mm a', '3/4/2026 12:05 AM', '2026-03-04T00:05:00Z'],
    ['M/d/yyyy h:mm a', '3/4/2026 12:05 pm', '2026-03-04T12:05:00Z'],
    ['M/d/yyyy hh:mm:ssa', '3/4/2026 11:59:59PM', '2026-03-04T23:59:59Z'],
    ['M/d/yyyy h:mm a', '3/4/2026 13:05 PM', undefined],
    ['M/d/yyyy h:mm a', '3/4/2026 0:05 AM', undefined],
    ['d MMM yyyy', '3 Mrz 2026', undefined],
    ['d MMM yyyy', '31 Feb 2026', undefined],
    ['dd.MM.yyyy', '3.4.2026', undefined],
    ['dd.MM.yyyy', '31.04.2026', undefined],
    ['dd.MM.yyyy', '03x04x2026', undefined],
    ['dd.MM.yyyy', '03.04.2026 10:00', undefined],
  ])('%s reads %s', (pattern, text, expected) => {
    expect(parse(text, pattern)).toBe(expected);
  });

  test.each([
    ['dd.MM.yyyy hh:mm', 'has only one of h (1-12) and a (AM, PM)'],
    ['dd.MM.yyyy HH:mm a', 'has only one of h (1-12) and a (AM, PM)'],
    ['dd.MM.yyyy HH hh a', 'has two parts for the hour'],
    ['dd.MMM.yyyy MM', 'has two parts for the month'],
    ['dd.MMMMM.yyyy', '"MMMMM" has no meaning in a time pattern'],
    ['dd.MM', 'has no part for the year'],
    ['yyyy-MM-dd d', 'has two parts for the day'],
    ['yyyy yy-MM-dd', 'has two parts for the year'],
  ])('%s is refused', (pattern, problem) => {
    expect(() => parse('', pattern)).toThrow(
      expect.objectContaining({ kind: 'refused', message: expect.stringContaining(problem) }),
    );
    expect(() => parse('', pattern)).toThrow('Invalid wrapper configuration: mapping.timestamp.format: ');
  });
});

describe('zones', () => {
  test.each([
    ['America/Los_Angeles', '2026-01-15T12:00:00', '2026-01-15T20:00:00Z'],
    ['America/Los_Angeles', '2026-07-15T12:00:00', '2026-07-15T19:00:00Z'],
    ['Asia/Kathmandu', '2026-07-15T12:00:00', '2026-07-15T06:15:00Z'],
    ['Pacific/Kiritimati', '2026-01-01T00:00:00', '2025-12-31T10:00:00Z'],
    // Clocks go forward at 02:00: 02:30 doesn't occur, and is moved on by the hour that is missing.
    ['Europe/Berlin', '2026-03-29T01:59:59', '2026-03-29T00:59:59Z'],
    ['Europe/Berlin', '2026-03-29T02:30:00', '2026-03-29T01:30:00Z'],
    ['Europe/Berlin', '2026-03-29T03:00:00', '2026-03-29T01:00:00Z'],
    // Clocks go back at 03:00: 02:30 occurs twice, and is the first.
    ['Europe/Berlin', '2026-10-25T02:30:00', '2026-10-25T00:30:00Z'],
    ['Europe/Berlin', '2026-10-25T03:00:00', '2026-10-25T02:00:00Z'],
    // Half an hour.
    ['Australia/Lord_Howe', '2026-10-04T02:15:00', '2026-10-03T15:45:00Z'],
    // A whole day that never was.
    ['Pacific/Apia', '2011-12-30T12:00:00', '2011-12-30T22:00:00Z'],
  ])('%s %s', (zone, text, expected) => {
    expect(parse(text, 'iso', zone)).toBe(expected);
  });

  test('every instant comes back from its local time, but for the second pass of a repeated hour', () => {
    const zone = 'America/New_York';
    const local = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
    const toUtc = timestampParser('iso', zone, 'mapping.timestamp');
    const hours = fc.integer({ min: 0, max: 24 * 365 * 60 });
    fc.assert(
      fc.property(hours, (hour) => {
        const instant = hour * 3_600_000;
        const back = Date.parse(toUtc(local.format(instant)) as string);
        const isRepeated = local.format(instant) === local.format(instant - 3_600_000);
        expect(back).toBe(isRepeated ? instant - 3_600_000 : instant);
      }),
      { numRuns: 2000 },
    );
  });

  test('that don’t exist are refused', () => {
    expect(() => parse('', 'iso', 'Mars/Olympus')).toThrow(
      'Invalid wrapper configuration: mapping.timestamp.zone: "Mars/Olympus" is not a time zone',
    );
  });
});
