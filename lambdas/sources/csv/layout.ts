import * as z from 'zod';
import { RunFailure } from '../../domain/errors.ts';
import type { Position, ReadingPlan } from '../../domain/source.ts';
import type { CsvPosition } from './record-reader.ts';

const CsvPositionSchema = z.object({ offset: z.int().min(0), row: z.int().min(1) });

/** All that decides how a file's bytes become records: pinned in the reading plan, never worked out again. */
const CsvLayout = z.object({
  /** Bytes. */
  size: z.int().min(0),
  encoding: z.string(),
  delimiter: z.string(),
  quote: z.string(),
  escape: z.string(),
  cr_ends_row: z.boolean(),
  /** Empty: there is nothing to read. */
  columns: z.array(z.string()),
  /** Where the first row of data begins. */
  start: CsvPositionSchema,
  skip_footer: z.int().min(0),
  null_words: z.array(z.string()),
  decimal: z.string().optional(),
  thousands: z.string().optional(),
});
export type CsvLayout = z.output<typeof CsvLayout>;

export function layoutOf(plan: ReadingPlan): CsvLayout {
  return CsvLayout.parse(plan.details);
}

/** A position within the data of this file; people may set checkpoints by hand. */
export function csvPosition(position: Position, { start, size }: CsvLayout): CsvPosition {
  const parsed = CsvPositionSchema.safeParse(position);
  if (!parsed.success) {
    throw new RunFailure(
      'refused',
      'Invalid checkpoint: the position in a CSV file is {"offset": bytes, "row": number}',
    );
  }
  const { offset } = parsed.data;
  if (offset >= start.offset && offset <= size) return parsed.data;
  const range = `${start.offset} to ${size}`;
  throw new RunFailure('refused', `Invalid checkpoint: offset ${offset} is not within the data, bytes ${range}`);
}
