import type { ParsedRecord } from './adapter.ts';
import { digestOf } from './digest-of.ts';

/**
 * The records of a part, each under an id of its own: of two that have the same id, the later is numbered (`id#2`), so
 * that none is lost; two that are the same in everything are one.
 */
export function numberRepeated(records: readonly ParsedRecord[]): readonly ParsedRecord[] {
  const groups = Map.groupBy(records, ({ recordId }) => recordId);
  if (groups.size === records.length) return records;
  return [...groups.values()].flatMap((group) => (group.length === 1 ? group : numbered(group, groups)));
}

function numbered(group: readonly ParsedRecord[], taken: ReadonlyMap<string, unknown>): ParsedRecord[] {
  const different = [...new Map(group.map((record) => [digestOf(record), record])).values()];
  let number = 1;
  return different.map((record, index) => {
    if (index === 0) return record;
    do number += 1;
    while (taken.has(`${record.recordId}#${number}`));
    return { ...record, recordId: `${record.recordId}#${number}` };
  });
}
