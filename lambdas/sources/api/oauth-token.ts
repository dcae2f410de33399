import { RetryableError, RunFailure, ThrottledError } from '../../domain/errors.ts';
import { type JsonValue, parseJson } from '../../domain/json.ts';
import type { AuthConfig } from './config.ts';
import { memberOf } from './member-of.ts';
import type { ApiPorts, HttpReply } from './ports.ts';
import { restMs } from './rate-limit.ts';
import { type ReadValue, valueReader } from './value-reader.ts';

type OauthConfig = Extract<AuthConfig, { type: 'oauth2' }>;

const MOST_BYTES = 256 * 1024;
/** A token is replaced this long before it expires, so that it doesn't on the way. */
const SPARE_MS = 30_000;

/**
 * Gets access tokens by client credentials (RFC 6749, 4.4), and keeps one while it is valid. The client identifies
 * itself by HTTP Basic, as each server must allow; where one doesn't, in the body.
 */
export function tokenClient(
  config: OauthConfig,
  ports: ApiPorts,
): (fresh: boolean, signal: AbortSignal) => Promise<string> {
  let token = '';
  let validUntil = Number.NEGATIVE_INFINITY;
  let inBody = false;

  const ask = (client: Client, signal: AbortSignal): Promise<HttpReply> =>
    ports.exchange({ ...tokenRequest(config, client, inBody), maxBytes: MOST_BYTES, signal });

  async function askEitherWay(client: Client, signal: AbortSignal): Promise<HttpReply> {
    const reply = await ask(client, signal);
    if (inBody || !isRefusal(reply)) return reply;
    inBody = true;
    const other = await ask(client, signal);
    inBody = 'status' in other && other.status < 300;
    return other;
  }

  /** The client as it is kept; where that is refused, as it is now, if that is another. */
  async function askAsKnown(fresh: boolean, signal: AbortSignal): Promise<HttpReply> {
    const known = await clientOf(config, valueReader(ports, fresh));
    const reply = await askEitherWay(known, signal);
    if (fresh || !isRefusal(reply)) return reply;
    const present = await clientOf(config, valueReader(ports, true));
    const isRenewed = present.id !== known.id || present.secret !== known.secret;
    return isRenewed ? askEitherWay(present, signal) : reply;
  }

  return async (fresh, signal) => {
    if (!fresh && ports.clock.now() < validUntil) return token;
    const reply = await askAsKnown(fresh, signal);
    const body = answerOf(reply, config.token_url, ports.clock.now());
    const given = body === undefined ? undefined : memberOf(body, 'access_token');
    if (typeof given !== 'string' || given === '') throw refused('the token endpoint gave no access_token');
    token = given;
    validUntil = ports.clock.now() + lifetimeMs(body && memberOf(body, 'expires_in')) - SPARE_MS;
    return token;
  };
}

type Client = { readonly id: string; readonly secret: string };

async function clientOf(config: OauthConfig, read: ReadValue): Promise<Client> {
  return { id: await read(config.client_id), secret: await read(config.client_secret) };
}

function tokenRequest({ scopes, token_url: url }: OauthConfig, { id, secret }: Client, inBody: boolean) {
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  if (scopes !== undefined) form.set('scope', scopes.join(' '));
  const headers: { [name: string]: string } = {
    accept: 'application/json',
    'content-type': 'application/x-www-form-urlencoded',
  };
  if (inBody) {
    form.set('client_id', id);
    form.set('client_secret', secret);
  } else {
    const pair = `${encodeURIComponent(id)}:${encodeURIComponent(secret)}`;
    headers.authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
  }
  return { method: 'POST', url, headers, body: form.toString() } as const;
}

/** Servers answer `invalid_client` with either status (RFC 6749, 5.2). */
function isRefusal(reply: HttpReply): boolean {
  return 'status' in reply && (reply.status === 400 || reply.status === 401);
}

/** A token without a lifetime that makes sense is valid until it is refused. */
function lifetimeMs(seconds: JsonValue | undefined): number {
  const value = typeof seconds === 'number' || typeof seconds === 'string' ? Number(seconds) : 0;
  return value > 0 ? value * 1000 : Number.POSITIVE_INFINITY;
}

function answerOf(reply: HttpReply, url: string, now: number): JsonValue | undefined {
  const { host } = new URL(url);
  if ('unanswered' in reply) {
    if (reply.mendable) throw new RetryableError(`${reply.unanswered} (token endpoint ${host})`);
    throw refused(`${reply.unanswered} (token endpoint ${host})`);
  }
  const mayMend = reply.status === 429 || reply.status >= 500;
  const rest = mayMend ? restMs(reply.headers, now) : undefined;
  if (rest !== undefined) throw new ThrottledError(`rate limit of token endpoint ${host}`, now + rest);
  if (mayMend) throw new RetryableError(`HTTP ${reply.status} from token endpoint ${host}`);
  if (reply.status !== 200) throw refused(`HTTP ${reply.status} from token endpoint ${host}`);
  try {
    return parseJson(reply.text);
  } catch {
    return undefined;
  }
}

/** Nothing of the endpoint's answer is quoted: it may hold what it was sent. */
function refused(why: string): RunFailure {
  return new RunFailure('refused', `Data source connection failed: ${why}`);
}
