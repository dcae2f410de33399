/**
 * Holds back the rows at the end of a sheet that are not data: what comes out has at least `rows` rows behind it. Blank
 * rows between others count, blank rows at the very end don't.
 */
export function rowFooter<Placed extends { readonly row: number }>(
  rows: number,
): (placed: Placed) => readonly Placed[] {
  if (rows === 0) return (placed) => [placed];
  const held: Placed[] = [];
  return (placed) => {
    held.push(placed);
    const known = held.findIndex(({ row }) => placed.row - row < rows);
    return held.splice(0, known);
  };
}
