import { type ApiKey, hasSecret, isInForce, parseToken } from './api-key.ts';
import type { KeyStore } from './key-store.ts';

/** How long a key is remembered, and so how long a revoked one may live on. */
const REMEMBERED_MS = 60_000;
const MOST_REMEMBERED = 1000;

/** Whose key a token is; undefined for one that is malformed, unknown, expired or revoked. `fresh`: as of now. */
export type Authenticate = (token: string, options?: { readonly fresh?: boolean }) => Promise<ApiKey | undefined>;

/**
 * Remembers keys for a minute; a token that does not fit what is remembered is looked up each time, so that a new key
 * works at once, and so does a new secret.
 */
export function authenticator(keys: Pick<KeyStore, 'get'>, now: () => number): Authenticate {
  const remembered = new Map<string, { readonly key: ApiKey; readonly until: number }>();

  const recall = (keyId: string): ApiKey | undefined => {
    const known = remembered.get(keyId);
    return known !== undefined && now() < known.until ? known.key : undefined;
  };
  const find = async (keyId: string): Promise<ApiKey | undefined> => {
    const askedAt = now();
    const key = await keys.get(keyId);
    remembered.delete(keyId);
    if (key !== undefined) {
      const [oldest] = remembered.size >= MOST_REMEMBERED ? remembered.keys() : [];
      if (oldest !== undefined) remembered.delete(oldest);
      remembered.set(keyId, { key, until: askedAt + REMEMBERED_MS });
    }
    return key;
  };

  return async (token, { fresh = false } = {}) => {
    const parts = parseToken(token);
    if (parts === undefined) return undefined;
    const { keyId, secret } = parts;
    const recalled = fresh ? undefined : recall(keyId);
    const key = recalled !== undefined && hasSecret(recalled, secret) ? recalled : await find(keyId);
    return key !== undefined && hasSecret(key, secret) && isInForce(key, now()) ? key : undefined;
  };
}
