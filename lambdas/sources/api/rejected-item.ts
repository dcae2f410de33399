import type { SourceRecord } from '../../domain/source.ts';

const RAW_LIMIT = 4096;

export const NO_OBJECT = 'the record is not an object';

/** A record that can't be used, with the reason and the beginning of its JSON. */
export function rejectedItem(row: number, why: string, raw: string): SourceRecord {
  return { row, rejected: `row ${row}: ${why}`, raw: raw.slice(0, RAW_LIMIT) };
}
