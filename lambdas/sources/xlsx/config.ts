import * as z from 'zod';
import { FileLocation } from '../../contracts/file-location.ts';
import { differingMarks } from '../../contracts/number-marks.ts';
import { tableOptions } from '../../contracts/table-options.ts';

/** How an XLSX file is read. Absent: the first visible sheet, its header found by how many cells its rows have. */
const XlsxOptions = z
  .strictObject({
    /** Name of the sheet, also of a hidden one. */
    sheet: z.string().min(1).max(255).optional(),
    ...tableOptions,
  })
  .superRefine(differingMarks);
export type XlsxOptions = z.output<typeof XlsxOptions>;

export const XlsxSourceConfig = z.strictObject({
  type: z.literal('XLSX'),
  location: FileLocation,
  options: XlsxOptions.optional(),
});
export type XlsxSourceConfig = z.output<typeof XlsxSourceConfig>;
