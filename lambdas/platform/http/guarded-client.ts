import type { LookupFunction } from 'node:net';
import { Agent, type Dispatcher } from 'undici';
import type { AddressPolicy } from './address-policy.ts';
import { ConnectionFailure, toConnectionFailure } from './connection-failure.ts';
import { decodedBody } from './decoded-body.ts';
import { guardedConnector } from './guarded-connector.ts';

const CONNECT_TIMEOUT_MS = 5_000;
/** Longest silence: before the headers, and between two chunks of a body. */
const SILENCE_TIMEOUT_MS = 20_000;
const MAX_HEADER_BYTES = 32 * 1024;
const MAX_REDIRECTS = 3;
/** What may travel on to another origin; the names of headers that hold credentials can't be known. */
const HARMLESS_HEADERS = [
  'accept',
  'accept-encoding',
  'if-match',
  'if-range',
  'if-unmodified-since',
  'range',
  'user-agent',
];

type HttpRequest = {
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly url: string;
  /** Names in lower case. */
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string | Uint8Array;
  /** Longest wait for the headers of the answer, 20 s if absent. */
  readonly answerWithinMs?: number;
  /** Called before it and each redirect is asked for; what it throws ends the request. */
  readonly beforeEach?: () => void;
  readonly signal: AbortSignal;
};

export type HttpAnswer = {
  readonly status: number;
  /** The address that answered, after redirects. */
  readonly url: string;
  /** By name in lower case; several values are joined as HTTP allows. */
  readonly headers: { readonly [name: string]: string };
  /** Decoded, chunk by chunk; throws `ConnectionFailure` when it breaks off. Read it, or call `discard`. */
  readonly body: AsyncIterable<Uint8Array>;
  discard(): Promise<void>;
};

/** The one way to any address that a user gave. */
export type GuardedClient = {
  /**
   * Throws `RunFailure` (refused, `Forbidden address: …`) or `ConnectionFailure`; any HTTP status is an answer.
   * GET and HEAD follow up to three redirects, each checked as if the user had given it; POST follows none.
   */
  request(request: HttpRequest): Promise<HttpAnswer>;
  close(): Promise<void>;
};

export function guardedClient(policy: AddressPolicy, lookup?: LookupFunction): GuardedClient {
  const agent = new Agent({
    connect: guardedConnector(policy, CONNECT_TIMEOUT_MS, lookup),
    bodyTimeout: SILENCE_TIMEOUT_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
  });
  return {
    async request(request) {
      let url = new URL(request.url);
      let headers: { readonly [name: string]: string } = {
        'user-agent': 'headgate',
        'accept-encoding': 'identity',
        ...request.headers,
      };
      for (let hops = 0; hops <= MAX_REDIRECTS; hops += 1) {
        policy.vet(url);
        request.beforeEach?.();
        const answer = await exchange(agent, url, { ...request, headers });
        const next = request.method === 'POST' ? undefined : redirectTarget(answer, url);
        if (next === undefined) return answer;
        await answer.discard();
        if (next.origin !== url.origin) headers = pick(headers, HARMLESS_HEADERS);
        url = next;
      }
      throw new ConnectionFailure('redirects', `more than ${MAX_REDIRECTS} redirects`);
    },
    close: () => agent.close(),
  };
}

async function exchange(agent: Agent, url: URL, request: HttpRequest): Promise<HttpAnswer> {
  const { method, headers, body, answerWithinMs, signal } = request;
  try {
    const raw = await agent.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method,
      headers,
      body: body ?? null,
      headersTimeout: answerWithinMs ?? SILENCE_TIMEOUT_MS,
      signal,
    });
    return toAnswer(raw, url, signal);
  } catch (error) {
    throw signal.aborted ? signal.reason : toConnectionFailure(error);
  }
}

function toAnswer(raw: Dispatcher.ResponseData, url: URL, signal: AbortSignal): HttpAnswer {
  const headers: { [name: string]: string } = {};
  for (const [name, value] of Object.entries(raw.headers)) {
    if (value !== undefined) headers[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return {
    status: raw.statusCode,
    url: url.href,
    headers,
    body: decodedBody(raw.body, headers['content-encoding'], signal),
    discard: () => raw.body.dump({ limit: 64 * 1024, signal }).catch(() => undefined),
  };
}

function redirectTarget(answer: HttpAnswer, from: URL): URL | undefined {
  const location = answer.headers.location;
  if (location === undefined || ![301, 302, 303, 307, 308].includes(answer.status)) return undefined;
  const target = URL.parse(location, from.href);
  if (target === null) throw new ConnectionFailure('protocol', 'redirect to an invalid address');
  return target;
}

function pick(headers: { readonly [name: string]: string }, names: readonly string[]): { [name: string]: string } {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => names.includes(name)));
}
