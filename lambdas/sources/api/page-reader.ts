import { hash } from 'node:crypto';
import { RunFailure } from '../../domain/errors.ts';
import type { JsonValue } from '../../domain/json.ts';
import type { ApiSourceConfig } from './config.ts';
import type { CursorFormat } from './cursor-format.ts';
import { type JsonPath, jsonPath } from './json-path.ts';
import { type PageState, paginationOf } from './pagination.ts';
import { parseBody, placeOf } from './parse-body.ts';
import type { ApiPosition, Pass } from './position.ts';
import { isRecord } from './record-fields.ts';
import { addressOf, checkState, firstAddress, keptAddress } from './request.ts';
import type { Upstream } from './upstream.ts';
import { keptValidator, type Validator, validatorOf } from './validator.ts';

export type Page = {
  readonly items: readonly JsonValue[];
  /** Characters of the answer per item. */
  readonly itemSize: number;
  /** The page after; null: this was the last. */
  readonly next: PageState;
  /** Identifies the answer, if it is all there is. */
  readonly validator: Validator | undefined;
};

/** The page; or none, because the first one has to be read again before it. */
export type PageOrDoubt = Page | 'first-in-doubt';

/** Reads the page of a position, whole. */
export type ReadPage = (at: ApiPosition, signal: AbortSignal) => Promise<PageOrDoubt>;

/** `format`: how increments are written; absent: there are none. */
export function pageReader(config: ApiSourceConfig, upstream: Upstream, format: CursorFormat | undefined): ReadPage {
  const pagination = paginationOf(config.pagination);
  const records = jsonPath(config.records) as JsonPath;
  const refuseRepeats = loopGuard();
  let isFirst = true;

  return async (at, signal) => {
    const known = at.page === null && at.item === 0 ? keptValidator(at) : undefined;
    const isResumed = isFirst && at.page !== null;
    isFirst = false;
    const isAddress = pagination.byAddress === true && at.page !== null;
    const answer = await upstream.get(
      {
        url: isAddress ? addressOf(String(at.page), config) : firstAddress(config),
        parameters: isAddress ? {} : { ...bounds(config, at.pass, format), ...pagination.parameters(at.page) },
        known,
        isResumed,
        mayBeMissing: pagination.endsWithNotFound === true && at.page !== null,
      },
      signal,
    );
    if ([204, 304, 404].includes(answer.status)) {
      return { items: [], itemSize: 0, next: null, validator: answer.status === 304 ? known : undefined };
    }
    const place = placeOf(answer.url);
    const body = parseBody(answer);
    const items = itemsOf(body, records, { text: config.records, place, quote: upstream.quote });
    const facts = { page: at.page, body, items, seen: at.seen, headers: answer.headers };
    if (at.full === undefined && pagination.isFirstInDoubt?.(facts)) return 'first-in-doubt';
    const state = pagination.next(facts);
    const next =
      pagination.byAddress && state !== null ? keptAddress(String(state), answer.url, config, upstream.isKey) : state;
    checkState(next);
    refuseRepeats(at, items, next, place);
    // Conditions are for GET: others are answered 412 (RFC 9110, 13.1.2).
    const isWhole = at.page === null && next === null && config.request.method === 'GET';
    const validator = isWhole ? validatorOf(answer.headers) : undefined;
    return { items, itemSize: answer.text.length / Math.max(1, items.length), next, validator };
  };
}

/** The parameters for a stretch of time, wide enough for its bounds in whatever unit they are written. */
function bounds(
  { incremental }: ApiSourceConfig,
  pass: Pass | undefined,
  format: CursorFormat | undefined,
): { readonly [name: string]: string } {
  const { from_param, to_param } = incremental ?? {};
  const { from = null, to = null } = pass ?? {};
  return {
    ...(format && from_param !== undefined && from !== null && { [from_param]: format.floor(from) }),
    ...(format && to_param !== undefined && to !== null && { [to_param]: format.ceil(to) }),
  };
}

type Told = { readonly text: string; readonly place: string; readonly quote: Upstream['quote'] };

/** The records in a body. One that isn't there is no empty list: it may be an error that came with status 200. */
function itemsOf(body: JsonValue, path: JsonPath, { text, place, quote }: Told): readonly JsonValue[] {
  const found = path.value(body);
  if (found === undefined) throw new RunFailure('failed', `the answer of ${place} has no "${text}"`);
  if (found === null) return [];
  if (typeof found !== 'object') throw new RunFailure('failed', `"${text}" in the answer of ${place} is not a list`);
  const { item } = path;
  const list: readonly JsonValue[] = Array.isArray(found) ? found : item ? Object.values(found) : [found as JsonValue];
  // An object of objects may be a list by id; one of texts and numbers is something else, such as an error.
  if (!Array.isArray(found) && item && !list.every((value) => isRecord(value) || Array.isArray(value))) {
    const said = quote(JSON.stringify(found));
    throw new RunFailure('failed', `"${text}" in the answer of ${place} is not a list${said}`);
  }
  return item === undefined ? list : list.map((value) => item(value) ?? null);
}

/** Records that may come again in equal pages: a few may be equal, as readings are; many are not. */
const MOST_REPEATED = 10;
/** Pages without a record, one after the other, that lead to another one. */
const MOST_EMPTY = 1000;

/** Notices an upstream that gives the same page for ever, or none. */
function loopGuard() {
  let before = '';
  let repeated = 0;
  let empty = 0;
  const asked = new Set<string>();
  return (at: ApiPosition, items: readonly JsonValue[], next: PageState, place: string): void => {
    const content = hash('sha256', JSON.stringify(items), 'base64url');
    const isRepeated = at.page !== null && before === content;
    before = content;
    repeated = isRepeated ? repeated + items.length : 0;
    if (at.page === null || items.length > 0) empty = 0;
    if (items.length === 0) empty++;
    if (at.page === null) asked.clear();
    else asked.add(String(at.page));
    if (repeated >= MOST_REPEATED || (next !== null && asked.has(String(next)))) {
      throw new RunFailure('failed', `${place} gives the same page again and again (source.pagination)`);
    }
    if (empty >= MOST_EMPTY && next !== null) {
      throw new RunFailure('failed', `${place} gives ${MOST_EMPTY} empty pages in a row (source.pagination)`);
    }
  };
}
