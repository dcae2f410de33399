/**
 * The API key of a request: `Authorization: Bearer <key>`, with exactly that prefix, else `x-api-key`. An
 * `Authorization` of any other kind is wrong, whatever else the request carries.
 */
export function tokenOf(headers: Readonly<Record<string, string | undefined>> | null): string | undefined {
  const byName = new Map(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  const authorization = byName.get('authorization');
  if (authorization === undefined) return byName.get('x-api-key');
  return authorization.startsWith('Bearer ') ? authorization.slice('Bearer '.length) : undefined;
}
