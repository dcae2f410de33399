import type { NumberStyle } from '../mapping/mapping-config.ts';

export type GuessedStyle = { readonly style: NumberStyle; readonly evidence: string; readonly confidence: number };

/** Numbers in groups prove little as long as they are few: `1,234` may be a decimal too. With both marks one will do. */
const FEWEST_GROUPED = 3;

type Grouped = { readonly mark: string; readonly whole: RegExp; readonly both: RegExp };

const grouped: readonly Grouped[] = [
  groupedBy(',', ',', String.raw`\.`),
  groupedBy('.', String.raw`\.`, ','),
  groupedBy("'", "'", '[.,]'),
  groupedBy(' ', String.raw`[ \u00a0\u202f]`, '[.,]'),
];
/** Not to be taken for groups: fewer or more than three digits after the mark, or a zero before it. */
const commaDecimal = /^[+-]?(?:\d+,(?:\d{1,2}|\d{4,})|0,\d+|\d{1,3}(?:[.' \u00a0\u202f]\d{3})+,\d+)$/;
const pointDecimal = /^[+-]?(?:\d+\.(?:\d{1,2}|\d{4,})|0\.\d+|\d{1,3}(?:[,' \u00a0\u202f]\d{3})+\.\d+)$/;

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

function groupedBy(mark: string, group: string, decimal: string): Grouped {
  const digits = String.raw`^[+-]?[1-9]\d{0,2}(?:${group}\d{3})+`;
  return {
    mark,
    whole: new RegExp(String.raw`${digits}(?:${decimal}\d+)?$`),
    both: new RegExp(String.raw`${digits}${decimal}\d+$`),
  };
}

/**
 * The mark between groups of three digits. A column that also has 1000 or more without it does not count, unless a
 * number has both marks and so leaves no doubt.
 */
function thousandsOf(
  columns: readonly (readonly string[])[],
): { readonly mark: string; readonly examples: readonly string[] } | undefined {
  return grouped
    .map(({ mark, whole, both }) => {
      const isCertain = columns.some((cells) => cells.some((text) => both.test(text)));
      return { mark, isCertain, examples: columns.flatMap((cells) => groupsIn(cells, whole, isCertain)) };
    })
    .filter(({ examples, isCertain }) => isCertain || examples.length >= FEWEST_GROUPED)
    .sort((one, other) => other.examples.length - one.examples.length)[0];
}

function groupsIn(cells: readonly string[], whole: RegExp, isCertain: boolean): readonly string[] {
  const isPlain = (text: string) => /^[+-]?\d+$/.test(text);
  const examples = cells.filter((text) => whole.test(text));
  if (isCertain) return examples;
  const others = cells.filter((text) => /\d/.test(text) && !whole.test(text));
  const isConsistent = others.every((text) => (isPlain(text) ? Math.abs(Number(text)) < 1000 : isSmall(text)));
  return isConsistent ? examples : [];
}

/** Less than a thousand, with decimals. */
const isSmall = (text: string) => /^[+-]?\d{1,3}[.,]\d+$/.test(text);
