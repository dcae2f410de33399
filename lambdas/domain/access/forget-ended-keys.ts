import { endOf } from './api-key.ts';
import type { KeyDeps } from './manage-keys.ts';

/** How long it can still be looked up what a key was. */
const SHOWN_MS = 7 * 24 * 3_600_000;
/** The gateway takes five deletions a second, of a whole account. */
const MOST_AT_ONCE = 3;

/**
 * Removes some of the keys that ended more than a week ago: at the gateway, which keeps those that have expired and
 * has a limit of keys, then in the store. Each key that is made takes a few along, so that they can't pile up.
 */
export async function forgetEndedKeys({
  keys,
  gateway,
  now,
}: Pick<KeyDeps, 'keys' | 'gateway' | 'now'>): Promise<void> {
  const weekAgo = now() - SHOWN_MS;
  let removed = 0;
  for await (const key of keys.list(undefined)) {
    if (endOf(key) > weekAgo) continue;
    if (key.gatewayId !== undefined) await gateway.remove(key.gatewayId);
    await keys.remove(key.keyId);
    removed += 1;
    if (removed === MOST_AT_ONCE) return;
  }
}
