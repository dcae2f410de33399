import { type ApiKey, opens, parseToken } from './api-key.ts';

export type KeyStore = {
  /** Throws `RetryableError` when the store can't be read: no reason to call a key wrong. */
  get(keyId: string): Promise<ApiKey | undefined>;
  put(key: ApiKey): Promise<void>;
};

/** How long a key is remembered, and so how long a revoked one may live on. */
const REMEMBERED_MS = 60_000;
const MOST_REMEMBERED = 1000;

/**
 * Tells whose key a token is; undefined for a token that is malformed, unknown, expired or revoked. Remembers keys for
 * a minute; a token that was not found is looked up each time, so that a new key works at once.
 */
export function authenticator(
  keys: Pick<KeyStore, 'get'>,
  now: () => number,
): (token: string) => Promise<ApiKey | undefined> {
  const remembered = new Map<string, { readonly key: ApiKey; readonly until: number }>();

  const find = async (keyId: string) => {
    const known = remembered.get(keyId);
    if (known !== undefined && now() < known.until) return known.key;
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

  return async (token) => {
    const parts = parseToken(token);
    if (parts === undefined) return undefined;
    const key = await find(parts.keyId);
    return key !== undefined && opens(key, parts.secret, now()) ? key : undefined;
  };
}
