const MAX_NOTES = 20;

/**
 * Gives every column a name of its own: an empty one becomes `column_3`, a second `id` becomes `id_2`. A name that
 * stands in the header is never given to another column. What was changed is told in `notes`.
 */
export function uniqueColumnNames(header: readonly string[]): { columns: string[]; notes: string[] } {
  const given = new Set(header);
  const used = new Set<string>();
  const numbers = new Map<string, number>();
  const notes: string[] = [];
  const columns = header.map((name, index) => {
    const isBlank = name.trim() === '';
    if (!isBlank && !used.has(name)) {
      used.add(name);
      return name;
    }
    const base = isBlank ? `column_${index + 1}` : name;
    let number = numbers.get(base) ?? (isBlank ? 1 : 2);
    while (given.has(numbered(base, number)) || used.has(numbered(base, number))) number++;
    numbers.set(base, number + 1);
    const unique = numbered(base, number);
    used.add(unique);
    notes.push(
      isBlank
        ? `empty header of column ${index + 1} named "${unique}"`
        : `duplicate header "${name}" of column ${index + 1} renamed to "${unique}"`,
    );
    return unique;
  });
  return { columns, notes: shortened(notes) };
}

const numbered = (name: string, number: number) => (number === 1 ? name : `${name}_${number}`);

function shortened(notes: string[]): string[] {
  if (notes.length <= MAX_NOTES) return notes;
  return [...notes.slice(0, MAX_NOTES), `… and ${notes.length - MAX_NOTES} more headers renamed`];
}
