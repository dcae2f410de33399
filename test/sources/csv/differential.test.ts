import { expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { readValues } from '../../support/read-source.ts';
import { openCsv } from './open-csv.ts';

/** Cells with everything in them that makes CSV hard, but no bare CR: csv-parse guesses row ends by it. */
const cell = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', ' ', ',', ';', '"', '\n', '\r\n', 'é', '語', '😀', '\\'), maxLength: 8 }),
  fc.string({ unit: 'grapheme', maxLength: 6 }).filter((text) => !text.includes('\r')),
);
const table = fc
  .integer({ min: 2, max: 4 })
  .chain((columns) =>
    fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: 8 }),
  );
type Style = { delimiter: string; rowEnd: string; quoteAll: boolean; cuts: number };
const style: fc.Arbitrary<Style> = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  rowEnd: fc.constantFrom('\n', '\r\n'),
  quoteAll: fc.boolean(),
  cuts: fc.integer({ min: 1, max: 40 }),
});

function written(rows: readonly (readonly string[])[], { delimiter, rowEnd, quoteAll }: Style): string {
  const needsQuotes = (text: string) => quoteAll || /["\r\n]/.test(text) || text.includes(delimiter);
  const quoted = (text: string) => (needsQuotes(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => row.map(quoted).join(delimiter) + rowEnd).join('');
}

test('reads what csv-parse reads, and what was written', async () => {
  await fc.assert(
    fc.asyncProperty(table, style, async (rows, look) => {
      const content = written(rows, look);
      const { delimiter, cuts } = look;
      const told = {
        encoding: 'utf-8',
        delimiter,
        quote: '"',
        escape: '"',
        header_row: 0,
        skip_footer: 0,
        null_words: [],
      };
      const ours = await readValues(openCsv(content, told, cuts));
      const theirs: string[][] = parse(content, { delimiter, record_delimiter: look.rowEnd });
      const nulls = (cells: readonly string[]) => cells.map((text) => (text === '' ? null : text));
      expect(ours).toEqual(theirs.map(nulls));
      expect(ours).toEqual(rows.map(nulls));
    }),
    { numRuns: 500 },
  );
});
