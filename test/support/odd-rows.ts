const ODD = [null, 'constructor', '9'.repeat(400), '\ud800', 1e300, [null], {}];

/** A row with one member after the other in odd ways, by the path of the member and what it is. */
export function oddRows(row: unknown): [name: string, row: unknown][] {
  return pathsIn(row).flatMap((path) => ODD.map((odd) => named(path, odd, withMember(row, path, odd))));
}

function named(path: readonly string[], odd: unknown, row: unknown): [string, unknown] {
  return [`${path.join('.')}: ${JSON.stringify(odd).slice(0, 20)}`, row];
}

function pathsIn(value: unknown): string[][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => [[name], ...pathsIn(member).map((path) => [name, ...path])]);
}

function withMember(value: unknown, [name, ...rest]: readonly string[], member: unknown): unknown {
  if (name === undefined) return member;
  const members = value as Readonly<Record<string, unknown>>;
  const copy = Array.isArray(value) ? [...value] : { ...members };
  return Object.assign(copy, { [name]: withMember(members[name], rest, member) });
}
