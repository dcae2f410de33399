import * as z from 'zod';
import { unreadable } from '../domain/feeds/upstream-fault.ts';
import { refuseExcess } from './refuse-excess.ts';

/**
 * The JSON of a feed. Bytes that are not UTF-8 are replaced: one broken name must not cost a whole feed.
 *
 * Throws `UpstreamFault` that tells what came instead.
 */
export function readJson(body: Uint8Array): unknown {
  const text = new TextDecoder().decode(body);
  if (text.trim() === '') throw unreadable('an empty answer came instead of JSON');
  if (/^\s*</.test(text)) throw unreadable('a web page or XML came instead of JSON');
  refuseExcess(body);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unreadable('the answer is not valid JSON', { cause: error });
  }
}

/** What the feed must have for a single row of it to mean anything. @throws UpstreamFault that names the first field amiss. */
export function shaped<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw unreadable(`the feed has another shape: ${problemOf(parsed.error)}`);
}

/** The first thing that is wrong, as `features[3].id: …`. */
export function problemOf(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue === undefined ? 'unknown' : `${z.core.toDotPath(issue.path) || 'the whole'}: ${issue.message}`;
}
