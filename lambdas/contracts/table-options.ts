import * as z from 'zod';

export const oneCharacter = z.string().length(1);

/** What may be told of a table, whatever kind of file it is in; what is absent is found out. */
export const tableOptions = {
  /** Physical row of the header, counted from 1, blank rows counted; 0: no header, columns are column_1, column_2… */
  header_row: z.int().min(0).max(1000).optional(),
  /** Rows at the end that are not data, such as totals and notes. */
  skip_footer: z.int().min(0).max(1000).optional(),
  /** How numbers are written in cells that are text: in a workbook, those in other cells are numbers already. */
  decimal: oneCharacter.optional(),
  thousands: oneCharacter.optional(),
  /** Cells that mean "no value", compared after trimming: besides empty ones in CSV, and errors such as `#N/A` in a workbook. */
  null_words: z.array(z.string()).optional(),
};
