import { RetryableError, RunFailure, ThrottledError } from '../../domain/errors.ts';
import { type JsonValue, parseJson } from '../../domain/json.ts';
import type { AuthConfig } from './config.ts';
import { memberOf } from './member-of.ts';
import type { ApiPorts, HttpReply } from './ports.ts';
import { restMs } from './rate-limit.ts';
import { valueReader } from './value-reader.ts';

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

  async function ask(fresh: boolean, signal: AbortSignal): Promise<HttpReply> {
    const read = valueReader(ports, fresh);
    const [id, secret] = [await read(config.client_id), await read(config.client_secret)];
    const form = new URLSearchParams({ grant_type: 'client_credentials' });
    if (config.scopes !== undefined) form.set('scope', config.scopes.join(' '));
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
    return ports.exchange({
      method: 'POST',
      url: config.token_url,
      headers,
      body: form.toString(),
      maxBytes: MOST_BYTES,
      signal,
    });
  }

  return async (fresh, signal) => {
    if (!fresh && ports.clock.now() < validUntil) return token;
    let reply = await ask(fresh, signal);
    if (!inBody && 'status' in reply && (reply.status === 400 || reply.status === 401)) {
      inBody = true;
      reply = await ask(fresh, signal);
      inBody = 'status' in reply && reply.status < 300;
    }
    const body = answerOf(reply, config.token_url, ports.clock.now());
    const given = body === undefined ? undefined : memberOf(body, 'access_token');
    if (typeof given !== 'string' || given === '') throw refused('the token endpoint gave no access_token');
    token = given;
    validUntil = ports.clock.now() + lifetimeMs(body && memberOf(body, 'expires_in')) - SPARE_MS;
    return token;
  };
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
