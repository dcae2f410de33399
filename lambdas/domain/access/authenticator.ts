import { type ApiKey, hasSecret, isInForce, parseToken } from './api-key.ts';
import type { KeyStore } from './key-store.ts';

/** How long a key is remembered, and so how long a revoked one may live on. */
const REMEMBERED_MS = 60_000;
const MOST_REMEMBERED = 1000;
/** For how long a key is good for where an outage is no reason to refuse it, and how long the store is asked before. */
const GOOD_IN_OUTAGE_MS = 3_600_000;
const ASKED_IN_OUTAGE_MS = 600;

export type AuthenticateOptions = {
  /** As of now, whatever is remembered. */
  readonly fresh?: boolean;
  /** While the store is out of reach: by what it said of the key within the last hour. */
  readonly inOutage?: boolean;
};

/** Whose key a token is; undefined for one that is malformed, unknown, expired or revoked. */
export type Authenticate = (token: string, options?: AuthenticateOptions) => Promise<ApiKey | undefined>;

/**
 * Remembers keys for a minute; a token that does not fit what is remembered is looked up each time, so that a new key
 * works at once, and so does a new secret.
 */
export function authenticator(keys: Pick<KeyStore, 'get'>, now: () => number): Authenticate {
  const remembered = new Map<string, { readonly key: ApiKey; readonly askedAt: number }>();

  const recall = (keyId: string, forMs: number): ApiKey | undefined => {
    const known = remembered.get(keyId);
    return known !== undefined && now() < known.askedAt + forMs ? known.key : undefined;
  };
  const find = async (keyId: string, withinMs?: number): Promise<ApiKey | undefined> => {
    const askedAt = now();
    const key = await keys.get(keyId, withinMs);
    remembered.delete(keyId);
    if (key !== undefined) {
      const [oldest] = remembered.size >= MOST_REMEMBERED ? remembered.keys() : [];
      if (oldest !== undefined) remembered.delete(oldest);
      remembered.set(keyId, { key, askedAt });
    }
    return key;
  };

  const findOrRecall = (keyId: string): Promise<ApiKey | undefined> =>
    find(keyId, ASKED_IN_OUTAGE_MS).catch((error: unknown) => {
      const known = recall(keyId, GOOD_IN_OUTAGE_MS);
      if (known === undefined) throw error;
      return known;
    });

  return async (token, { fresh = false, inOutage = false } = {}) => {
    const parts = parseToken(token);
    if (parts === undefined) return undefined;
    const { keyId, secret } = parts;
    const recalled = fresh ? undefined : recall(keyId, REMEMBERED_MS);
    const isKnown = recalled !== undefined && hasSecret(recalled, secret);
    const key = isKnown ? recalled : await (inOutage ? findOrRecall(keyId) : find(keyId));
    return key !== undefined && hasSecret(key, secret) && isInForce(key, now()) ? key : undefined;
  };
}
