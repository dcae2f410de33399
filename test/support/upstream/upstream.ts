import type { IncomingMessage, ServerResponse } from 'node:http';
import { type WebServer, webServer } from '../web-server.ts';
import { pageOf } from './pages.ts';

/** What was asked of the upstream. */
export type UpstreamRequest = {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
};

/** Takes a request instead of the upstream; answers whether it did. */
export type Fault = (request: UpstreamRequest, response: ServerResponse) => boolean;

export type Upstream = WebServer & {
  /** What it has, oldest first; tests add to it, take away from it, or change it at any time. */
  records: unknown[];
  /** Records on a page that doesn't say how many it wants. */
  pageSize: number;
  readonly requests: UpstreamRequest[];
  /** Asked before each answer. */
  fault: Fault | undefined;
};

/**
 * An API that pages in every style there is, each at a path of its own (`pages.ts`). `from` and `to` select records by
 * `updated_at`: from inclusive, to exclusive.
 */
export async function startUpstream(records: unknown[] = [], pageSize = 3): Promise<Upstream> {
  const server = await webServer(async (request, response) => {
    const asked: UpstreamRequest = {
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers,
      body: await textOf(request),
    };
    upstream.requests.push(asked);
    if (upstream.fault?.(asked, response)) return;
    const page = pageOf(asked, upstream);
    response.writeHead(page.status ?? 200, { 'content-type': 'application/json', ...page.headers });
    response.end(page.body === undefined ? '' : JSON.stringify(page.body));
  });
  const upstream: Upstream = { ...server, records, pageSize, requests: [], fault: undefined };
  return upstream;
}

/** A fault that happens to the first requests only. */
export function times(count: number, fault: (request: UpstreamRequest, response: ServerResponse) => void): Fault {
  let left = count;
  return (request, response) => {
    if (left === 0) return false;
    left--;
    fault(request, response);
    return true;
  };
}

/** Answers with a status, headers and a body. */
export function answer(status: number, body: string | Uint8Array = '', headers: Record<string, string> = {}) {
  return (_request: UpstreamRequest, response: ServerResponse): void => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(body);
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
