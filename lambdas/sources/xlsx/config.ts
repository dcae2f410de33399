import * as z from 'zod';
import { FileLocation } from '../../contracts/file-location.ts';
import { differingMarks } from '../../contracts/number-marks.ts';

const oneCharacter = z.string().length(1);

/** How an XLSX file is read. Absent: the first visible sheet, its header found by how many cells its rows have. */
const XlsxOptions = z
  .strictObject({
    /** Name of the sheet, also of a hidden one. */
    sheet: z.string().min(1).max(255).optional(),
    /** Physical row of the header, counted from 1, blank rows counted; 0: no header, columns are column_1, column_2… */
    header_row: z.int().min(0).max(1000).optional(),
    /** Rows at the end that are not data, such as totals and notes. */
    skip_footer: z.int().min(0).max(1000).optional(),
    /** How numbers are written in cells that are text; those in other cells are numbers already. */
    decimal: oneCharacter.optional(),
    thousands: oneCharacter.optional(),
    /** Cells that mean "no value", compared after trimming; error words such as `#N/A` may be among them. */
    null_words: z.array(z.string()).optional(),
  })
  .superRefine(differingMarks);
export type XlsxOptions = z.output<typeof XlsxOptions>;

export const XlsxSourceConfig = z.strictObject({
  type: z.literal('XLSX'),
  location: FileLocation,
  options: XlsxOptions.optional(),
});
export type XlsxSourceConfig = z.output<typeof XlsxSourceConfig>;
