import * as z from 'zod';
import { RunFailure } from '../../domain/errors.ts';
import type { Position, ReadingPlan } from '../../domain/source.ts';
import { limits } from './limits.ts';

const row = z
  .int()
  .min(1)
  .max(limits.rows + 1);

/** The next row to read, counted from 1. */
const XlsxPosition = z.object({ row });

/** All that decides how a file's sheet becomes records: pinned in the reading plan, never worked out again. */
const XlsxLayout = z.object({
  /** Of the file, in bytes. */
  size: z.int().min(0),
  /** Each range of it costs as much as the whole. */
  is_sequential: z.boolean(),
  sheet: z.string(),
  /** Names in the archive. */
  part: z.string(),
  strings: z.string().nullable(),
  styles: z.string().nullable(),
  date1904: z.boolean(),
  /** Empty: there is nothing to read. */
  columns: z.array(z.string()),
  /** The sheet's column, counted from 1, that is the first of `columns`. */
  first_column: z.int().min(1),
  /** The last row of the header, counted from 1; 0: there is none. Absent from plans of before it was told. */
  header_row: z.int().min(0).optional(),
  /** The first row of data. */
  start_row: row,
  skip_footer: z.int().min(0),
  null_words: z.array(z.string()),
});
export type XlsxLayout = z.output<typeof XlsxLayout>;

export function xlsxLayoutOf(plan: ReadingPlan): XlsxLayout {
  return XlsxLayout.parse(plan.details);
}

/** The row that a position names; people may set checkpoints by hand. */
export function rowOf(position: Position, { start_row }: XlsxLayout): number {
  const parsed = XlsxPosition.safeParse(position);
  if (!parsed.success) {
    throw new RunFailure('refused', 'Invalid checkpoint: the position in an XLSX file is {"row": number}');
  }
  const { row } = parsed.data;
  if (row >= start_row) return row;
  throw new RunFailure(
    'refused',
    `Invalid checkpoint: row ${row} is before the data, which begins in row ${start_row}`,
  );
}
