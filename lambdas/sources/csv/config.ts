import * as z from 'zod';
import { FileLocation } from '../../contracts/file-location.ts';
import { differingMarks } from '../../contracts/number-marks.ts';

const oneCharacter = z.string().length(1);

/** How a CSV file is written. What is absent is found out from the file at the first look, and told in the run's notes. */
export const CsvOptions = z
  .strictObject({
    /** A WHATWG encoding label that `TextDecoder` knows. */
    encoding: z.string().min(1).optional(),
    delimiter: oneCharacter.optional(),
    quote: oneCharacter.optional(),
    /** The character that makes the next quote literal; by default the quote itself (RFC 4180). */
    escape: oneCharacter.optional(),
    /** Physical row of the header, counted from 1, blank rows counted; 0: no header, columns are column_1, column_2… */
    header_row: z.int().min(0).max(1000).optional(),
    /** Rows at the end that are not data, such as totals and notes. */
    skip_footer: z.int().min(0).max(1000).optional(),
    decimal: oneCharacter.optional(),
    thousands: oneCharacter.optional(),
    /** Cells that mean "no value", compared after trimming; an empty cell always does. */
    null_words: z.array(z.string()).optional(),
  })
  .superRefine(differingMarks);
export type CsvOptions = z.output<typeof CsvOptions>;

export const CsvSourceConfig = z.strictObject({
  type: z.literal('CSV'),
  location: FileLocation,
  options: CsvOptions.optional(),
});
export type CsvSourceConfig = z.output<typeof CsvSourceConfig>;
