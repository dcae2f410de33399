/** A CSV of so many rows, all of them different. */
export function csvOf(rows: number, from = 1): string {
  const lines = Array.from({ length: rows }, (_, at) => `${from + at},station ${from + at},${(from + at) / 10}`);
  return `id,name,value\n${lines.join('\n')}\n`;
}

/** Everything of so many points, each of them once. */
export function eachOnce(points: number) {
  return { points, unique_points: points, duplicate_points: 0, bad_duplicates: 0 };
}
