import type { NumberStyle } from '../mapping/mapping-config.ts';

export type GuessedStyle = { readonly style: NumberStyle; readonly evidence: string; readonly confidence: number };

/** Numbers in groups prove little as long as they are few: `1,234` may be a decimal too. */
const FEWEST_GROUPED = 3;

const grouped: readonly { readonly mark: string; readonly whole: RegExp }[] = [
  { mark: ',', whole: /^[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?$/ },
  { mark: '.', whole: /^[+-]?[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?$/ },
  { mark: "'", whole: /^[+-]?[1-9]\d{0,2}(?:'\d{3})+(?:[.,]\d+)?$/ },
  { mark: ' ', whole: /^[+-]?[1-9]\d{0,2}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d+)?$/ },
];
/** Not to be taken for groups: fewer or more than three digits after the mark, or a zero before it. */
const commaDecimal = /^[+-]?(?:\d+,(?:\d{1,2}|\d{4,})|0,\d+|\d{1,3}(?:\.\d{3})+,\d+)$/;
const pointDecimal = /^[+-]?(?:\d+\.(?:\d{1,2}|\d{4,})|0\.\d+|\d{1,3}(?:,\d{3})+\.\d+)$/;

/** How numbers are written, by all cells of some columns; undefined: as in JSON, or nothing tells otherwise. */
export function guessNumberStyle(columns: readonly (readonly string[])[]): GuessedStyle | undefined {
  const cells = columns.map((values) => values.map((value) => value.trim()));
  const all = cells.flat();
  const commas = all.filter((text) => commaDecimal.test(text));
  const points = all.filter((text) => pointDecimal.test(text));
  const groups = thousandsOf(cells);
  const isComma = commas.length > 0 && points.length === 0 && groups?.mark !== ',';
  if (!isComma && groups === undefined) return undefined;
  // A point that groups digits leaves the comma as the only decimal mark there is.
  if (!isComma && (groups?.mark === '.' || (groups?.mark === ',' && commas.length > 0))) return undefined;
  const evidence = [
    ...(isComma ? [`${commas.length} numbers such as "${commas[0]}", none with a decimal point`] : []),
    ...(groups ? [`${groups.examples.length} numbers in groups such as "${groups.examples[0]}"`] : []),
  ];
  return {
    style: { ...(isComma ? { decimal: ',' } : {}), ...(groups ? { thousands: groups.mark } : {}) },
    evidence: evidence.join('; '),
    confidence: commas.length + (groups?.examples.length ?? 0) >= 10 ? 0.95 : 0.8,
  };
}

/** The mark between groups of three digits. A column that also has 1000 or more without it does not count. */
function thousandsOf(
  columns: readonly (readonly string[])[],
): { readonly mark: string; readonly examples: readonly string[] } | undefined {
  return grouped
    .map(({ mark, whole }) => ({ mark, examples: columns.flatMap((cells) => groupsIn(cells, whole)) }))
    .filter(({ examples }) => examples.length >= FEWEST_GROUPED)
    .sort((one, other) => other.examples.length - one.examples.length)[0];
}

function groupsIn(cells: readonly string[], whole: RegExp): readonly string[] {
  const isPlain = (text: string) => /^[+-]?\d+$/.test(text);
  const examples = cells.filter((text) => whole.test(text));
  const others = cells.filter((text) => /\d/.test(text) && !whole.test(text));
  const isConsistent = others.every((text) => (isPlain(text) ? Math.abs(Number(text)) < 1000 : isSmall(text)));
  return isConsistent ? examples : [];
}

/** Less than a thousand, with decimals. */
const isSmall = (text: string) => /^[+-]?\d{1,3}[.,]\d+$/.test(text);
