import type { HttpAnswer } from './ports.ts';

/** What tells one answer from another: asked with it, the upstream says 304 as long as it would answer the same. */
export type Validator = { readonly etag: string } | { readonly modified: string };

const SECOND = 1000;

/** The ETag; without one the Last-Modified, exactly as it was written (RFC 9110, 13.1.3). */
export function validatorOf(headers: HttpAnswer['headers']): Validator | undefined {
  const { etag, 'last-modified': modified, date } = headers;
  // Short enough for a checkpoint.
  if (etag !== undefined && /^(W\/)?"[\x21\x23-\x7e]{1,120}"$/.test(etag)) return { etag };
  if (modified === undefined || !/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/.test(modified)) return undefined;
  // An answer of the very second of the last change may come before another change of that second (RFC 9110, 8.8.2.2).
  return Date.parse(date ?? '') - Date.parse(modified) >= SECOND ? { modified } : undefined;
}

/** The one that a position keeps. */
export function keptValidator(at: { readonly etag?: string; readonly modified?: string }): Validator | undefined {
  if (at.etag !== undefined) return { etag: at.etag };
  return at.modified === undefined ? undefined : { modified: at.modified };
}

/** The header that asks for an answer only if it is another. */
export function conditionOf(validator: Validator): { readonly [name: string]: string } {
  return 'etag' in validator ? { 'if-none-match': validator.etag } : { 'if-modified-since': validator.modified };
}
