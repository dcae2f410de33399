import { RunFailure } from '../../domain/errors.ts';
import { type JsonValue, parseJson } from '../../domain/json.ts';
import type { HttpAnswer } from './ports.ts';

/** Largest answer that is taken, in bytes after decoding: read whole, it takes some times as much memory. */
export const MOST_BYTES = 16 * 1024 * 1024;
/** Far more than data has, far less than what a recursive reader breaks at. */
const DEEPEST = 200;

/** The JSON of an answer. @throws RunFailure that tells where it came from and what it is instead. */
export function parseBody({ text, complete, isUtf8, headers, url }: HttpAnswer): JsonValue {
  const fail = (what: string, cause?: unknown) =>
    new RunFailure('failed', `the answer of ${placeOf(url)} ${what}`, { cause });
  if (!complete) throw fail(`is larger than ${MOST_BYTES / 1024 / 1024} MiB`);
  if (!isUtf8) throw fail('is not UTF-8');
  const body = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  if (/^\s*$/.test(body)) throw fail('is empty');
  if (/^\s*</.test(body)) {
    const isPage = /html/i.test(headers['content-type'] ?? '') || /^\s*<(!doctype\s+html|html)\b/i.test(body);
    throw fail(`is not JSON: it is ${isPage ? 'a web page' : 'XML'}`);
  }
  if (depthOf(body) > DEEPEST) throw fail(`is nested more than ${DEEPEST} deep`);
  try {
    return parseJson(body);
  } catch (error) {
    throw fail(`is not JSON: ${reasonOf(error)}`, error);
  }
}

/** An address as it is shown: what follows the path may hold secrets. */
export function placeOf(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

/** How deep brackets are nested, up to the limit; whatever is in quotes is passed over. */
function depthOf(text: string): number {
  let depth = 0;
  for (let at = 0; at < text.length && depth <= DEEPEST; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 0x22) {
      at = endOfText(text, at);
    } else if (unit === 0x5b || unit === 0x7b) {
      depth++;
    } else if (unit === 0x5d || unit === 0x7d) {
      depth--;
    }
  }
  return depth;
}

/** Where the text that begins with the quote at `start` ends. */
function endOfText(text: string, start: number): number {
  let at = text.indexOf('"', start + 1);
  while (at > 0) {
    let slashes = 0;
    while (text.charCodeAt(at - 1 - slashes) === 0x5c) slashes++;
    if (slashes % 2 === 0) return at;
    at = text.indexOf('"', at + 1);
  }
  return text.length;
}

/** What the parser says, without the piece of the body that it quotes. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  const token = /^[^"]*?(?=, (?:\.\.\.)?")/.exec(message)?.[0];
  return token ?? message.replace(/ in JSON/, '');
}
