import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { timestampParser } from '../../../lambdas/domain/mapping/timestamp-parser.ts';
import { writeTime } from '../../../lambdas/domain/mapping/write-time.ts';

const YEAR_1969 = Date.parse('1969-01-01T00:00:00Z');
const YEAR_2068 = Date.parse('2068-12-31T23:59:59.999Z');

test.each([
  ['dd.MM.yyyy HH:mm:ss', '05.03.2026 00:07:09'],
  ['d.M.yy H:m:s', '5.3.26 0:7:9'],
  ["EEEE, d MMMM yyyy 'at' h:mm a", 'Thursday, 5 March 2026 at 12:07 AM'],
  ['EEE MMM dd hh.mm a yyyy', 'Thu Mar 05 12.07 AM 2026'],
  ['yyyy-MM-ddTHH:mm:ss.SSSSSSXXX', '2026-03-05T00:07:09.004000Z'],
  ['yyyyMMddTHHmmssSXX', '20260305T0007090Z'],
])('%s', (pattern, text) => {
  expect(writeTime(pattern, Date.parse('2026-03-05T00:07:09.004Z'))).toBe(text);
});

test('what is written is read as the same instant', () => {
  const year = fc.constantFrom('yyyy', 'yy');
  const month = fc.constantFrom('M', 'MM', 'MMM', 'MMMM');
  const day = fc.constantFrom('d', 'dd', 'EEE d', 'EEEE, dd');
  const hour = fc.constantFrom('H:m', 'HH:mm', 'h:m a', 'a hh:mm');
  const rest = fc.constantFrom('', 'XX', ' XXX', " 'Uhr'");
  const instant = fc.integer({ min: YEAR_1969, max: YEAR_2068 });
  fc.assert(
    fc.property(fc.tuple(year, month, day, hour, rest), instant, ([y, m, d, h, more], ms) => {
      const pattern = `${y} ${m} ${d} ${h}:ss.SSS${more}`;
      const read = timestampParser(pattern, undefined, 'mapping.timestamp')(writeTime(pattern, ms));
      expect(read && Date.parse(read)).toBe(ms);
    }),
  );
});
