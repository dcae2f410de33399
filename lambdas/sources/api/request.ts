import { RunFailure } from '../../domain/errors.ts';
import type { Credentials } from './authorizer.ts';
import type { ApiSourceConfig } from './config.ts';
import type { HttpExchangeRequest } from './ports.ts';
import { conditionOf, type Validator } from './validator.ts';

export type PageRequest = {
  readonly url: string;
  /** What pagination and increments add. */
  readonly parameters: { readonly [name: string]: string | number };
  /** Of an answer that is known already: 304 is an answer too. */
  readonly known: Validator | undefined;
  /** 404 is an answer too: there is no such page. */
  readonly mayBeMissing: boolean;
  /** A checkpoint named it, perhaps long ago. */
  readonly isResumed: boolean;
};

/** The longest cursor or address that a checkpoint can hold, in bytes. */
const LONGEST_STATE = 700;

/**
 * One request. Credentials and the wrapper's own headers go to the configured origin only: an address that the
 * upstream names may lead anywhere.
 */
export function requestFor(
  { request }: ApiSourceConfig,
  page: PageRequest,
  credentials: Credentials,
): Pick<HttpExchangeRequest, 'method' | 'url' | 'headers' | 'body'> {
  const url = new URL(page.url);
  const isOwn = url.origin === new URL(request.url).origin;
  const headers: { [name: string]: string } = { accept: 'application/json', 'accept-encoding': 'gzip, deflate, br' };
  if (page.known !== undefined) Object.assign(headers, conditionOf(page.known));
  if (isOwn) {
    Object.assign(headers, credentials.headers);
    for (const [name, value] of Object.entries(credentials.query)) url.searchParams.set(name, value);
  }
  if (request.method === 'GET') {
    addTo(url, page.parameters);
    return { method: 'GET', url: url.href, headers };
  }
  headers['content-type'] ??= 'application/json';
  const body = isOwn ? JSON.stringify({ ...request.body, ...page.parameters }) : '{}';
  return { method: 'POST', url: url.href, headers, body };
}

/** The address of the first page, without what pagination adds. */
export function firstAddress({ request }: ApiSourceConfig): string {
  const url = new URL(request.url);
  addTo(url, request.query ?? {});
  return url.href;
}

/** An address that the upstream named, as a checkpoint keeps it: short, and without the key that it may have echoed. */
export function keptAddress(
  target: string,
  from: string,
  { request, auth }: ApiSourceConfig,
  isKey: (value: string) => boolean,
): string {
  const url = URL.parse(target, from);
  if (url === null) throw new RunFailure('failed', 'the address of the next page is not one');
  const keyName = auth.type === 'api_key' && auth.in === 'query' ? auth.name.toLowerCase() : undefined;
  for (const [name, value] of [...url.searchParams]) {
    if (name.toLowerCase() === keyName || isKey(value)) url.searchParams.delete(name);
  }
  url.hash = '';
  return url.origin === new URL(request.url).origin ? `${url.pathname}${url.search}` : url.href;
}

/** What a checkpoint kept, as an address again. */
export function addressOf(kept: string, { request }: ApiSourceConfig): string {
  return new URL(kept, request.url).href;
}

/** @throws RunFailure when the checkpoint could not hold it. */
export function checkState(state: string | number | null): void {
  if (typeof state !== 'string' || Buffer.byteLength(JSON.stringify(state)) <= LONGEST_STATE) return;
  throw new RunFailure('failed', `the cursor of the next page is longer than ${LONGEST_STATE} bytes`);
}

function addTo(url: URL, parameters: { readonly [name: string]: string | number | boolean }): void {
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, String(value));
}
