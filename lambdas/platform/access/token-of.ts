import type { Headers } from '../request-headers.ts';

/**
 * The API key of a request: `Authorization: Bearer <key>`, with exactly that prefix, else `x-api-key`. An
 * `Authorization` of any other kind is wrong, whatever else the request carries.
 */
export function tokenOf(headers: Headers): string | undefined {
  const { authorization, apiKey } = credentialsIn(headers);
  if (authorization === undefined) return apiKey;
  return authorization.startsWith('Bearer ') ? authorization.slice('Bearer '.length) : undefined;
}

/** Whether a request means to show a key, right or wrong. */
export function carriesKey(headers: Headers): boolean {
  const { authorization, apiKey } = credentialsIn(headers);
  return authorization !== undefined || apiKey !== undefined;
}

function credentialsIn(headers: Headers): { authorization: string | undefined; apiKey: string | undefined } {
  return { authorization: headers.authorization, apiKey: headers['x-api-key'] };
}
