import * as z from 'zod';
import { FileLocation } from '../../contracts/file-location.ts';
import { differingMarks } from '../../contracts/number-marks.ts';
import { oneCharacter, tableOptions } from '../../contracts/table-options.ts';

/** How a CSV file is written. What is absent is found out from the file at the first look, and told in the run's notes. */
export const CsvOptions = z
  .strictObject({
    /** A WHATWG encoding label that `TextDecoder` knows. */
    encoding: z.string().min(1).optional(),
    delimiter: oneCharacter.optional(),
    quote: oneCharacter.optional(),
    /** The character that makes the next quote literal; by default the quote itself (RFC 4180). */
    escape: oneCharacter.optional(),
    ...tableOptions,
  })
  .superRefine(differingMarks);
export type CsvOptions = z.output<typeof CsvOptions>;

export const CsvSourceConfig = z.strictObject({
  type: z.literal('CSV'),
  location: FileLocation,
  options: CsvOptions.optional(),
});
export type CsvSourceConfig = z.output<typeof CsvSourceConfig>;
