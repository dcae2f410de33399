import type { Clock } from '../../domain/clock.ts';
import type { ReadSecret } from '../../domain/secrets.ts';

/**
 * A request to an upstream. It rejects only for a forbidden address (`RunFailure`) or with the signal's reason; all
 * else is told in the answer. Redirects of GETs have been followed, without credentials to other origins.
 */
export type HttpExchange = (request: HttpExchangeRequest) => Promise<HttpReply>;

export type HttpExchangeRequest = {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  /** Names in lower case. */
  readonly headers: { readonly [name: string]: string };
  readonly body?: string;
  /** Largest answer to take, in bytes after decoding. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
};

export type HttpAnswer = {
  readonly status: number;
  /** The address that answered, after redirects. */
  readonly url: string;
  /** By name in lower case. */
  readonly headers: { readonly [name: string]: string };
  /** The beginning of the body, up to `maxBytes`, and whether that is all of it. */
  readonly text: string;
  readonly complete: boolean;
  /** Whether its bytes were UTF-8; of others, some had to be replaced. */
  readonly isUtf8: boolean;
};

/** `unanswered`: no whole answer came, with the reason; `mendable`: trying again may help. */
export type HttpReply = HttpAnswer | { readonly unanswered: string; readonly mendable: boolean };

export type ApiPorts = {
  readonly exchange: HttpExchange;
  readonly secret: ReadSecret;
  readonly clock: Clock;
};
