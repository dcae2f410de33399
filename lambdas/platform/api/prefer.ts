import type { APIGatewayProxyResult } from 'aws-lambda';

/** How long a caller is ready to wait, and what its `Preference-Applied` header says. */
export type Preference = { readonly waitSeconds: number; readonly applied: string | null };

/** Tells the caller which preference was followed (RFC 7240, 3). */
export function withPreference(answer: APIGatewayProxyResult, { applied }: Preference): APIGatewayProxyResult {
  return applied === null ? answer : { ...answer, headers: { ...answer.headers, 'Preference-Applied': applied } };
}

/** Reads `Prefer: respond-async` and `Prefer: wait=N` (RFC 7240); what can't be read is ignored, as the RFC asks. */
export function preferenceOf(header: string | undefined, longestSeconds: number): Preference {
  const wishes = (header ?? '').split(',').map((wish) => wish.trim().toLowerCase());
  if (wishes.includes('respond-async')) return { waitSeconds: 0, applied: 'respond-async' };
  const wait = wishes.map((wish) => /^wait=(\d{1,6})$/.exec(wish)?.[1]).find((seconds) => seconds !== undefined);
  if (wait === undefined) return { waitSeconds: longestSeconds, applied: null };
  const waitSeconds = Math.min(Number(wait), longestSeconds);
  return { waitSeconds, applied: `wait=${waitSeconds}` };
}
