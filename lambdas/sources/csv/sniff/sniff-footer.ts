import type { Finding } from './finding.ts';
import type { SampleRecord } from './sample-records.ts';

/** Records at the end that may be no data. */
const MOST_FOOTERS = 10;
const noteWords =
  /^\W*(sources?|notes?|footnotes?|fuentes?|notas?|quellen?|anmerkung(en)?|hinweise?|stand|remarques?|bron|copyright)\b|^(\(c\)|©)/i;
/** Longer than what a lone cell of data usually is. */
const SENTENCE = { words: 6, characters: 40 };

/**
 * Counts the rows at the end that are notes or nothing: single cells of prose, in a table whose rows otherwise never
 * are so empty. Totals are rows like others. `records` are the data and end with the file.
 */
export function sniffFooter(records: readonly SampleRecord[], width: number): Finding<number> {
  let first = records.length;
  while (first > 0 && isFooter(records[first - 1] as SampleRecord, width)) first--;
  const footers = records.slice(first);
  const data = records.slice(0, first);
  const none = { value: 0, evidence: 'the last row is like the others', confidence: 0.9 };
  if (footers.length === 0) return none;
  const isUsual = data.length === 0 || data.some(({ filled }) => filled <= 1);
  if (isUsual || footers.length > MOST_FOOTERS)
    return { ...none, evidence: 'rows like the last ones are data', confidence: 0.6 };
  const note = footers.find(({ filled }) => filled > 0)?.cells.find((cell) => cell.trim() !== '');
  // Rows of nothing but empty cells may be data too.
  if (note === undefined) return none;
  const evidence = `notes such as ${JSON.stringify(note.slice(0, 60))}`;
  return { value: rowsFrom(data.at(-1) as SampleRecord, footers), evidence, confidence: 0.85 };
}

function isFooter({ cells, filled }: SampleRecord, width: number): boolean {
  if (filled === 0) return width > 1;
  if (filled !== 1 || (width < 3 && cells.length === width)) return false;
  const text = cells.find((cell) => cell.trim() !== '')?.trim() ?? '';
  const isSentence = text.split(/\s+/).length >= SENTENCE.words || text.length >= SENTENCE.characters;
  return noteWords.test(text) || (isSentence && /\p{L}/u.test(text));
}

/** As `skip_footer` counts: a record is one row, and so is each blank row before it. */
function rowsFrom(last: SampleRecord, footers: readonly SampleRecord[]): number {
  let previous = last;
  let rows = 0;
  for (const footer of footers) {
    rows += footer.row - previous.nextRow + 1;
    previous = footer;
  }
  return rows;
}
