import type { APIGatewayProxyResult } from 'aws-lambda';

const json = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' };

export function respond(
  statusCode: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): APIGatewayProxyResult {
  return respondText(statusCode, JSON.stringify(body), headers);
}

/** For JSON that is text already and must not change by a byte. */
export function respondText(
  statusCode: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): APIGatewayProxyResult {
  return { statusCode, headers: { ...json, ...headers }, body };
}

export function noContent(): APIGatewayProxyResult {
  return { statusCode: 204, headers: { 'Cache-Control': 'no-store' }, body: '' };
}

export function ok(body: unknown): APIGatewayProxyResult {
  return respond(200, body);
}

/** Whole seconds, as times are shown nearly everywhere; null stays null. */
export function isoSeconds(at: number): string;
export function isoSeconds(at: number | null): string | null;
export function isoSeconds(at: number | null): string | null {
  return at === null ? null : `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** With exactly three decimals; null stays null. */
export function isoMilliseconds(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
