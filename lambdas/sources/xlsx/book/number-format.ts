/** What a number is by its format; undefined: a number. */
export type DateKind = 'date' | 'time' | 'datetime' | 'duration' | undefined;

/** Formats that files refer to by number only (ECMA-376 part 1, 18.8.30), those for East Asian languages among them. */
const builtIn = new Map<number, DateKind>([
  ...range(14, 17, 'date'),
  ...range(18, 21, 'time'),
  [22, 'datetime'],
  ...range(27, 31, 'date'),
  ...range(32, 35, 'time'),
  [36, 'date'],
  [45, 'time'],
  [46, 'duration'],
  [47, 'time'],
  ...range(50, 54, 'date'),
  ...range(55, 56, 'time'),
  ...range(57, 58, 'date'),
]);

function range(first: number, last: number, kind: DateKind): [number, DateKind][] {
  return Array.from({ length: last - first + 1 }, (_, index) => [first + index, kind]);
}

export const builtInKind = (id: number): DateKind => builtIn.get(id);

/** Quoted and escaped text, characters given as room to leave or to repeat. */
const literals = /"[^"]*"?|\\.|_.|\*./gs;
const elapsed = /\[(h+|m+|s+)\]/i;
/** Colours, conditions, currencies and languages. */
const brackets = /\[[^\]]*\]/g;

/** What a custom format, such as `yyyy\-mm\-dd;@`, makes of a number. Its first section decides. */
export function formatKind(code: string): DateKind {
  const [section = ''] = code.replace(literals, '').split(';');
  if (elapsed.test(section)) return 'duration';
  const letters = section
    .replace(brackets, '')
    .replace(/general|AM\/PM|A\/P/gi, '')
    .toLowerCase();
  const hasTime = /[hs]/.test(letters);
  // Beside hours or seconds, m is minutes.
  const hasDate = /[yd]/.test(letters) || (letters.includes('m') && !hasTime);
  if (hasDate) return hasTime ? 'datetime' : 'date';
  return hasTime ? 'time' : undefined;
}
