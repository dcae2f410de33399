import type { ParsedPart, ParsedRecord } from '../domain/feeds/adapter.ts';
import { isRecordId } from '../domain/feeds/is-record-id.ts';
import { unreadable } from '../domain/feeds/upstream-fault.ts';
import { type Members, membersOf } from './members-of.ts';

/**
 * Reads the rows of a feed one by one, so that an odd one costs no other. `read` answers null for a row that does not
 * even say which record it is of, which is also so if its id is none; what is odd in any other goes into its record.
 *
 * Throws `UpstreamFault` when most rows are odd (by default: of status `unknown`) or not read: then it is not the rows,
 * but the format has changed, and what was known stays until someone has looked at it.
 */
export function readRows(
  rows: readonly unknown[],
  read: (row: Members) => ParsedRecord | null,
  isOdd: (record: ParsedRecord, row: Members) => boolean = ({ status }) => status === 'unknown',
): Required<Pick<ParsedPart, 'records' | 'unreadRows'>> {
  const readings = rows.map(membersOf).flatMap((row) => {
    const record = read(row);
    return record === null || !isRecordId(record.recordId) ? [] : { record, isOdd: isOdd(record, row) };
  });
  const odd = readings.filter((reading) => reading.isOdd).map(({ record }) => record);
  const unreadRows = rows.length - readings.length;
  if ((odd.length + unreadRows) * 2 > rows.length) throw mostlyOdd(odd, unreadRows, rows.length);
  return { records: readings.map(({ record }) => record), unreadRows };
}

function mostlyOdd(odd: readonly ParsedRecord[], unreadRows: number, rows: number): Error {
  const problem = odd.map(({ properties }) => properties.problem).find((one) => typeof one === 'string');
  const why = problem === undefined ? '' : `: ${problem}`;
  return unreadable(`${odd.length + unreadRows} of ${rows} rows from upstream are not understood${why}`);
}
