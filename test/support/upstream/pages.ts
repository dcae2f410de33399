import type { Upstream, UpstreamRequest } from './upstream.ts';

export type PageAnswer = {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body: unknown;
};

type Asked = {
  readonly url: URL;
  /** A parameter, from the query or the body. */
  readonly parameter: (name: string) => string | undefined;
  readonly number: (name: string) => number | undefined;
};

type Style = (records: readonly unknown[], size: number, asked: Asked) => PageAnswer;

/** Each way of paging, by the path it is found at. */
const styles: { readonly [path: string]: Style } = {
  '/all': (records) => ({ body: { data: records } }),
  '/page': (records, size, { number }) => {
    const page = number('page') ?? 1;
    return { body: { data: slice(records, (page - 1) * size, size), total: records.length } };
  },
  '/page-0': (records, size, { number }) => ({ body: slice(records, (number('page') ?? 0) * size, size) }),
  /** As Django does: no page beyond the last. */
  '/page-404': (records, size, { number }) => {
    const start = ((number('page') ?? 1) - 1) * size;
    if (start > 0 && start >= records.length) return { status: 404, body: { detail: 'Invalid page.' } };
    return { body: { results: slice(records, start, size) } };
  },
  /** As the World Bank does: page facts as text, then the rows or null. */
  '/pages': (records, size, { number }) => {
    const rows = slice(records, ((number('page') ?? 1) - 1) * size, size);
    const pages = Math.ceil(records.length / size);
    return { body: [{ pages: String(pages) }, rows.length === 0 ? null : rows] };
  },
  '/offset': (records, size, { number }) => {
    const start = number('offset') ?? 0;
    return { body: { rows: slice(records, start, size), count: records.length } };
  },
  '/cursor': (records, size, { parameter }) => {
    const start = Number(parameter('cursor')?.replace('c', '') ?? 0);
    return { body: { data: slice(records, start, size), meta: { next: nextStart(records, start, size, 'c') } } };
  },
  '/last-id': (records, size, { parameter }) => {
    const last = parameter('starting_after');
    const start = last === undefined ? 0 : records.findIndex((record) => idOf(record) === last) + 1;
    return { body: { object: 'list', data: slice(records, start, size), has_more: start + size < records.length } };
  },
  '/link': (records, size, { url, number }) => {
    const page = number('page') ?? 1;
    const next = page * size < records.length ? [`<${pageUrl(url, page + 1)}>; rel="next"`] : [];
    const link = [`<${pageUrl(url, 1)}>; rel="first"`, ...next].join(', ');
    return { headers: { link }, body: slice(records, (page - 1) * size, size) };
  },
  '/next-url': (records, size, { url, number }) => {
    const page = number('page') ?? 1;
    const next = page * size < records.length ? pageUrl(url, page + 1) : null;
    return { body: { items: slice(records, (page - 1) * size, size), links: { next } } };
  },
  '/next-relative': (records, size, { url, number }) => {
    const page = number('page') ?? 1;
    const next = page * size < records.length ? new URL(pageUrl(url, page + 1)).search : '';
    return { body: { items: slice(records, (page - 1) * size, size), next } };
  },
};

/** The answer of a well-behaved upstream. */
export function pageOf(request: UpstreamRequest, upstream: Upstream): PageAnswer {
  const url = new URL(request.url, upstream.url);
  const style = styles[url.pathname];
  if (style === undefined) return { status: 404, body: { error: 'no such path' } };
  const inBody = request.body.startsWith('{') ? (JSON.parse(request.body) as Record<string, unknown>) : {};
  const parameter = (name: string) => {
    const value = url.searchParams.get(name) ?? inBody[name];
    return value === undefined || value === null ? undefined : String(value);
  };
  const number = (name: string) => {
    const value = parameter(name);
    return value === undefined ? undefined : Number(value);
  };
  const size = number('size') ?? upstream.pageSize;
  return style(within(upstream.records, parameter('from'), parameter('to')), size, { url, parameter, number });
}

function within(records: readonly unknown[], from: string | undefined, to: string | undefined): readonly unknown[] {
  if (from === undefined && to === undefined) return records;
  const [first, end] = [from, to].map((text) => (text === undefined ? undefined : Date.parse(text)));
  return records.filter((record) => {
    const at = Date.parse((record as { updated_at: string }).updated_at);
    return !(at < (first ?? at)) && (end === undefined || at < end);
  });
}

function slice(records: readonly unknown[], start: number, size: number): readonly unknown[] {
  return records.slice(start, start + size);
}

function nextStart(records: readonly unknown[], start: number, size: number, prefix: string): string | null {
  return start + size < records.length ? `${prefix}${start + size}` : null;
}

function pageUrl(url: URL, page: number): string {
  const next = new URL(url);
  next.searchParams.set('page', String(page));
  return next.href;
}

function idOf(record: unknown): string {
  return String((record as { id?: unknown } | null)?.id);
}
