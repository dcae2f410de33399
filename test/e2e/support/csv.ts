/** What a file of `csvOf` has in a row: all rows differ. */
export function rowOf(id: number): { readonly id: string; readonly name: string; readonly value: string } {
  return { id: String(id), name: `station ${id}`, value: String(id / 10) };
}

/** A CSV of so many rows, all of them different. */
export function csvOf(rows: number, from = 1): string {
  const lines = Array.from({ length: rows }, (_, at) => Object.values(rowOf(from + at)).join(','));
  return `id,name,value\n${lines.join('\n')}\n`;
}

/** Everything of so many points, each of them once. */
export function eachOnce(points: number) {
  return { points, unique_points: points, duplicate_points: 0, bad_duplicates: 0 };
}
