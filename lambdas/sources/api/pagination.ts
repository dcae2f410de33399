import { RunFailure } from '../../domain/errors.ts';
import type { JsonValue } from '../../domain/json.ts';
import type { PaginationConfig } from './config.ts';
import { jsonPath } from './json-path.ts';
import { nextLink } from './link-header.ts';
import { memberOf } from './member-of.ts';

/** Which page: its number, offset, cursor, last id or address; null: the first one. */
export type PageState = string | number | null;

export type PageFacts = {
  readonly page: PageState;
  readonly body: JsonValue;
  readonly items: readonly JsonValue[];
  /** Records on the pages before it. */
  readonly seen: number;
  readonly headers: { readonly [name: string]: string };
};

export type Pagination = {
  /** Parameters that ask for a page. */
  readonly parameters: (page: PageState) => { readonly [name: string]: string | number };
  /** The page after; null: this was the last. A state that is an address may be relative to the page's own. */
  readonly next: (facts: PageFacts) => PageState;
  /** The states are addresses. */
  readonly byAddress?: true;
  /**
   * Whether the first page may have filled up since it was read, so that it has to be read again before this one:
   * nothing had told that it was full.
   */
  readonly isFirstInDoubt?: (facts: PageFacts) => boolean;
  /** A later page that is not there is the end: some services answer 404 beyond the last page. */
  readonly endsWithNotFound?: true;
};

type Of<Type extends PaginationConfig['type']> = Extract<PaginationConfig, { type: Type }>;

export function paginationOf(config: PaginationConfig): Pagination {
  switch (config.type) {
    case 'none':
      return { parameters: () => ({}), next: () => null };
    case 'page':
      return byPage(config);
    case 'offset':
      return byOffset(config);
    case 'cursor':
      return byCursor(config);
    case 'last_id':
      return byLastId(config);
    case 'link_header':
      return { parameters: () => ({}), next: ({ headers }) => nextLink(headers.link) ?? null, byAddress: true };
    case 'next_url':
      return byNextUrl(config);
  }
}

function byPage(config: Of<'page'>): Pagination {
  const { param, start, size_param, size } = config;
  const numberOf = (page: PageState) => (page === null ? start : Number(page));
  const ended = endOf(config);
  const pages = at(config.pages);
  const isLast = (facts: PageFacts) => {
    const last = countOf(pages(facts.body));
    if (last === undefined) return ended(facts);
    return facts.items.length === 0 || numberOf(facts.page) - start + 1 >= last;
  };
  return {
    parameters: (page) => ({ [param]: numberOf(page), ...sized(size_param, size) }),
    next(facts) {
      const number = numberOf(facts.page);
      // Pages are as long as those before them: servers may give fewer than they are asked for, but always as many.
      const isShort = facts.seen > 0 && facts.items.length < facts.seen / (number - start);
      return (isLast(facts) ?? isShort) ? null : number + 1;
    },
    isFirstInDoubt: (facts) => numberOf(facts.page) === start + 1 && facts.seen !== size && isLast(facts) === undefined,
    endsWithNotFound: true,
  };
}

function byOffset(config: Of<'offset'>): Pagination {
  const { offset_param, limit_param, limit } = config;
  const ended = endOf(config);
  return {
    parameters: (page) => ({ [offset_param]: page ?? 0, ...sized(limit_param, limit) }),
    next(facts) {
      if (ended(facts) ?? isShortOf(facts, limit)) return null;
      // By what came, not by what was asked for: a server that gives fewer would else be read with gaps.
      return Number(facts.page ?? 0) + facts.items.length;
    },
  };
}

function byCursor({ param, path, has_more }: Of<'cursor'>): Pagination {
  const cursor = at(path);
  const ended = endOf({ has_more });
  return {
    parameters: (page) => (page === null ? {} : { [param]: page }),
    next: (facts) => (has_more !== undefined && ended(facts) ? null : stateOf(cursor(facts.body), path)),
  };
}

function byLastId({ param, field, has_more }: Of<'last_id'>): Pagination {
  const ended = endOf({ has_more });
  return {
    parameters: (page) => (page === null ? {} : { [param]: page }),
    next(facts) {
      const last = facts.items.at(-1);
      if (last === undefined || ended(facts)) return null;
      const id = stateOf(memberOf(last, field) ?? at(field)(last), field);
      if (id === null) throw new RunFailure('failed', `the last record of a page has no "${field}" to go on from`);
      return id;
    },
  };
}

function byNextUrl({ path }: Of<'next_url'>): Pagination {
  const next = at(path);
  return { parameters: () => ({}), next: ({ body }) => stateOf(next(body), path), byAddress: true };
}

/** Whether the body itself says that this is the last page; undefined: it says nothing. */
function endOf({ total, has_more }: { total?: string | undefined; has_more?: string | undefined }) {
  const more = at(has_more);
  const all = at(total);
  return ({ body, items, seen }: PageFacts): boolean | undefined => {
    if (items.length === 0) return true;
    if (has_more !== undefined) return [undefined, null, false, 0, '', '0', 'false'].includes(more(body) as string);
    const count = countOf(all(body));
    return count === undefined ? undefined : seen + items.length >= count;
  };
}

/**
 * Whether fewer came than were asked for. That says something only once a page was full: many servers never give
 * as many as they are asked for.
 */
function isShortOf({ items, seen }: PageFacts, size: number | undefined): boolean {
  return size !== undefined && seen > 0 && seen % size === 0 && items.length < size;
}

/** The value at a path of the body. */
function at(path: string | undefined): (body: JsonValue) => JsonValue | undefined {
  const value = path === undefined ? undefined : jsonPath(path)?.value;
  return (body) => value?.(body);
}

function countOf(value: JsonValue | undefined): number | undefined {
  const count = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof count === 'number' ? count : undefined;
}

function stateOf(value: JsonValue | undefined, path: string): PageState {
  if (value === undefined || value === null || value === '' || value === false) return null;
  if (typeof value === 'string') return value;
  // Numbers beyond 2^53 too: their text is what the upstream wrote.
  const text = JSON.stringify(value);
  if (/^-?\d[\d.eE+-]*$/.test(text)) return text;
  throw new RunFailure('failed', `"${path}" in the answer is neither a text nor a number`);
}

function sized(param: string | undefined, size: number | undefined): { readonly [name: string]: number } {
  return param === undefined || size === undefined ? {} : { [param]: size };
}
