import type { ApiKey } from './api-key.ts';
import type { KeyStore } from './key-store.ts';

const HOUR_MS = 3_600_000;
const MOST_REMEMBERED = 1000;

/**
 * Notes when keys were last used, to the hour: what was noted by this sandbox or is known from the store is not written
 * again before an hour is over, and of several sandboxes one writes.
 */
export function useNoter(keys: Pick<KeyStore, 'noteUse'>, now: () => number): (key: ApiKey) => Promise<void> {
  const noted = new Map<string, number>();
  return async ({ keyId, lastUsedAt = Number.NEGATIVE_INFINITY }) => {
    const at = now();
    const hourAgo = at - HOUR_MS;
    if (Math.max(lastUsedAt, noted.get(keyId) ?? Number.NEGATIVE_INFINITY) > hourAgo) return;
    if (noted.size >= MOST_REMEMBERED) noted.clear();
    // Before the write: one that fails is not tried again with each request.
    noted.set(keyId, at);
    await keys.noteUse(keyId, at, hourAgo);
  };
}
