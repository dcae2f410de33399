import type { CsvPosition, PlacedRecord } from './record-reader.ts';

/**
 * Holds back the rows at the end of a file that are not data: what comes out has at least `rows` rows behind it. Blank
 * rows between others count, blank rows at the very end don't.
 */
export function footerFilter(rows: number, start: CsvPosition): (placed: PlacedRecord) => readonly PlacedRecord[] {
  if (rows === 0) return (placed) => [placed];
  const held: { readonly placed: PlacedRecord; readonly rows: number }[] = [];
  let rowsAfterFirst = 0;
  let previousEnd = start;
  return (placed) => {
    const blankBefore = placed.record.row - previousEnd.row;
    previousEnd = placed.end;
    held.push({ placed, rows: blankBefore + 1 });
    if (held.length > 1) rowsAfterFirst += blankBefore + 1;
    const released: PlacedRecord[] = [];
    while (rowsAfterFirst >= rows && held.length > 1) {
      released.push((held.shift() as (typeof held)[number]).placed);
      rowsAfterFirst -= (held[0] as (typeof held)[number]).rows;
    }
    return released;
  };
}
