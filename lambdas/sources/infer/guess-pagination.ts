import type { JsonValue } from '../../domain/json.ts';
import type { PaginationConfig } from '../api/config.ts';
import { nextLink } from '../api/link-header.ts';
import { type FoundRecords, type Member, membersBeside } from './find-records.ts';

/** A way to the next page that something speaks for. */
export type PaginationGuess = {
  readonly pagination: PaginationConfig;
  readonly evidence: string;
  /** The upstream names the next page itself: asking for it proves nothing more. */
  readonly isTold: boolean;
  /** Whether pages are counted from 0 or 1 has to be tried. */
  readonly isStartOpen?: true;
};

const isAddress = (value: JsonValue) => typeof value === 'string' && /^(https?:\/\/|\/|\?)/.test(value);
const isState = (value: JsonValue) => (typeof value === 'string' && value !== '') || typeof value === 'number';
const isCount = (value: JsonValue) => typeof value !== 'object' && /^\d{1,12}$/.test(String(value));

const names = {
  next: /^(@odata\.)?next(_?(page|url|link|uri|href))*$/i,
  cursor: /cursor|continuation|(next|page)_?token|^next$|^after$/i,
  hasMore: /^has_?(more|next)(_?page)?$/i,
  page: /^(p|page|page_?(no|num|number|index))$/i,
  pages: /^(pages|total_?pages|page_?count|last_?page)$/i,
  total: /^(total|total_?(count|results|records|items)|count|found|num_?found)$/i,
  size: /^(size|limit|rows|top|per_?page|page_?size|\$limit|\$top)$/i,
  offset: /^(\$?offset|\$?skip|start|from)$/i,
};
/** Numbers of records that a page usually is cut at. */
const roundCounts = [10, 15, 20, 24, 25, 30, 40, 50, 60, 100, 200, 250, 300, 500, 1000, 2000, 5000, 10_000];

/** Ways to the next page, those with more to speak for them first. */
export function guessPagination(
  url: URL,
  body: JsonValue,
  headers: { readonly [name: string]: string },
  records: FoundRecords,
): readonly PaginationGuess[] {
  const beside = membersBeside(body, records.path);
  const asked = [...url.searchParams].map(([name, value]) => ({ path: '', name, value }));
  const link = nextLink(headers.link);
  return [
    ...(link === undefined ? [] : [told({ type: 'link_header' }, 'a Link header with rel="next"')]),
    ...nextUrls(beside),
    ...lastIds(beside, records),
    ...cursors(beside),
    ...pages(beside, asked),
    ...offsets(beside, asked, records.items.length),
    ...blind(beside, records.items.length),
  ];
}

const told = (pagination: PaginationConfig, evidence: string): PaginationGuess => {
  return { pagination, evidence, isTold: true };
};
const supposed = (pagination: PaginationConfig, evidence: string): PaginationGuess => {
  return { pagination, evidence, isTold: false };
};
const shown = ({ path, name, value }: Member) => `${path || name} is ${JSON.stringify(value).slice(0, 60)}`;

function nextUrls(beside: readonly Member[]): PaginationGuess[] {
  const named = beside.filter(({ name }) => names.next.test(name) || name === 'href');
  const found = named.find(({ path, value }) => isAddress(value) && /next/i.test(path));
  return found ? [told({ type: 'next_url', path: found.path }, shown(found))] : [];
}

function lastIds(beside: readonly Member[], { items }: FoundRecords): PaginationGuess[] {
  const more = beside.find(({ name, value }) => names.hasMore.test(name) && typeof value === 'boolean');
  const hasCursor = beside.some(({ name, value }) => names.cursor.test(name) && isState(value));
  const hasIds = items.every(({ id }) => id !== undefined && isState(id));
  if (more === undefined || hasCursor || !hasIds) return [];
  const evidence = `${shown(more)}, and every record has an id`;
  return ['starting_after', 'after_id', 'after'].map((param) =>
    supposed({ type: 'last_id', param, field: 'id', has_more: more.path }, evidence),
  );
}

function cursors(beside: readonly Member[]): PaginationGuess[] {
  const found = beside.find(({ name, value }) => names.cursor.test(name) && isState(value) && !isAddress(value));
  if (found === undefined) return [];
  const bare = found.name.replace(/^(next|end)_?/i, '');
  const param = bare === '' ? 'cursor' : bare.charAt(0).toLowerCase() + bare.slice(1);
  const more = beside.find(({ name, value }) => names.hasMore.test(name) && typeof value === 'boolean');
  const end = more ? { has_more: more.path } : {};
  return [...new Set([param, 'cursor', found.name])].map((name) =>
    supposed({ type: 'cursor', param: name, path: found.path, ...end }, shown(found)),
  );
}

function pages(beside: readonly Member[], asked: readonly Member[]): PaginationGuess[] {
  const page = [...asked, ...beside].find(({ name, value }) => names.page.test(name) && isCount(value));
  const count = beside.find(({ name, value }) => names.pages.test(name) && isCount(value));
  const size = sizeOf(asked);
  if (page === undefined && count === undefined && !isOfPage(size)) return [];
  const total = beside.find(({ name, value }) => names.total.test(name) && isCount(value));
  const pagination: PaginationConfig = {
    type: 'page',
    param: asked.find(({ name }) => names.page.test(name))?.name ?? 'page',
    start: page === undefined ? 1 : Number(page.value),
    ...(size ? { size_param: size.name, size: Number(size.value) } : {}),
    ...(count ? { pages: count.path } : total ? { total: total.path } : {}),
  };
  const evidence = [page, count, size].flatMap((member) => (member ? [shown(member)] : [])).join(', ');
  return [{ ...supposed(pagination, evidence), ...(page === undefined ? { isStartOpen: true } : {}) }];
}

function offsets(beside: readonly Member[], asked: readonly Member[], records: number): PaginationGuess[] {
  const offset = [...asked, ...beside].find(({ name, value }) => names.offset.test(name) && isCount(value));
  const size = sizeOf(asked);
  if (offset === undefined && (size === undefined || isOfPage(size))) return [];
  const isOdata = size?.name.startsWith('$') === true;
  const usual = size?.name === '$top' ? '$skip' : isOdata ? '$offset' : size?.name === 'rows' ? 'start' : 'offset';
  const total = beside.find(({ name, value }) => names.total.test(name) && isCount(value));
  const limit = size ? { limit_param: size.name, limit: Number(size.value) } : {};
  const evidence = [offset, size].flatMap((member) => (member ? [`${member.name} is ${member.value}`] : [])).join(', ');
  return [offset?.name ?? usual].map((offset_param) =>
    supposed(
      { type: 'offset', offset_param, ...limit, ...(total ? { total: total.path } : {}) },
      `${evidence}, and ${records} records came`,
    ),
  );
}

/** `per_page` goes with pages, `limit` with either. */
const isOfPage = (size: Member | undefined) => /page/i.test(size?.name ?? '');

const sizeOf = (asked: readonly Member[]) =>
  asked.find(({ name, value }) => names.size.test(name) && isCount(value) && Number(value) > 0);

/** The body tells of more records, or as many came as a page usually has. */
function blind(beside: readonly Member[], records: number): PaginationGuess[] {
  const total = beside.find(({ name, value }) => names.total.test(name) && isCount(value) && Number(value) > records);
  if (total === undefined && !roundCounts.includes(records)) return [];
  const end = total ? { total: total.path } : {};
  const evidence = total ? `${shown(total)}, and ${records} came` : `${records} records, as pages often have`;
  return [
    { ...supposed({ type: 'page', param: 'page', start: 1, ...end }, evidence), isStartOpen: true },
    supposed({ type: 'offset', offset_param: 'offset', ...end }, evidence),
  ];
}
