import { ConflictError, ForbiddenError, InvalidRequestError, NotFoundError } from '../errors.ts';
import { type ApiKey, isInForce, newKeyId, newSecret, type RandomBytes } from './api-key.ts';
import { type Caller, isWithin, outlives } from './caller.ts';
import type { GatewayKeys, KeyStore } from './key-store.ts';

export type KeyDeps = {
  readonly keys: KeyStore;
  readonly gateway: GatewayKeys;
  readonly now: () => number;
  readonly randomBytes: RandomBytes;
};

export type WantedKey = Pick<ApiKey, 'name' | 'scopes' | 'wrapperIds' | 'expiresAt'>;

/** A key with its token, which can't be had again. */
export type IssuedKey = { readonly key: ApiKey; readonly token: string };

/**
 * Creates a key: at the gateway, which counts and throttles, then in the store, which knows the secret's hash. The store
 * comes last, and what a failure leaves at the gateway is taken back: it opens nothing in any case.
 *
 * @throws ForbiddenError when the key could do more than its maker, or for longer; InvalidRequestError when it has expired.
 */
export async function createKey(wanted: WantedKey, caller: Caller, deps: KeyDeps): Promise<IssuedKey> {
  const now = deps.now();
  if (wanted.expiresAt !== undefined && wanted.expiresAt <= now) throw invalid('expires_at', 'is not in the future');
  if (!isKnownTo(wanted, caller)) throw widerThanItsMaker();
  const keyId = newKeyId(deps.randomBytes);
  const { token, secretHash } = newSecret(keyId, deps.randomBytes);
  const gatewayId = await deps.gateway.create(keyId, wanted.name);
  const key = { ...wanted, keyId, secretHash, gatewayId, createdAt: now };
  try {
    await deps.keys.put(key);
  } catch (error) {
    // What went wrong first is what to tell.
    await deps.gateway.remove(gatewayId).catch(() => undefined);
    throw error;
  }
  return { key, token };
}

/** A page of the keys that the caller could have made, revoked and expired ones included. */
export async function listKeys(
  caller: Caller,
  page: { readonly limit: number; readonly after?: string | undefined },
  { keys }: Pick<KeyDeps, 'keys'>,
): Promise<{ readonly keys: readonly ApiKey[]; readonly next: string | undefined }> {
  const found: ApiKey[] = [];
  for await (const key of keys.list(page.after)) {
    if (!isKnownTo(key, caller)) continue;
    if (found.length === page.limit) return { keys: found, next: found.at(-1)?.keyId };
    found.push(key);
  }
  return { keys: found, next: undefined };
}

/**
 * Revokes a key, once and for all: in the store, which decides, then at the gateway. A second time changes nothing, and
 * finishes what a failure left of the first.
 *
 * @throws NotFoundError also for a key that may do more than the caller, or for longer.
 */
export async function revokeKey(
  keyId: string,
  caller: Caller,
  { keys, gateway, now }: Pick<KeyDeps, 'keys' | 'now'> & { readonly gateway: Pick<GatewayKeys, 'remove'> },
): Promise<void> {
  const { gatewayId } = await load(keyId, caller, keys);
  if (!(await keys.revoke(keyId, now()))) throw unknown();
  if (gatewayId !== undefined) await gateway.remove(gatewayId);
}

/**
 * Gives a key another secret, in one write; all else stays as it is.
 *
 * @throws NotFoundError as `revokeKey` does, ConflictError for a key that has expired or is revoked.
 */
export async function rotateKey(keyId: string, caller: Caller, deps: Omit<KeyDeps, 'gateway'>): Promise<IssuedKey> {
  const key = await load(keyId, caller, deps.keys);
  const { token, secretHash } = newSecret(keyId, deps.randomBytes);
  const isRotated = isInForce(key, deps.now()) && (await deps.keys.replaceSecret(keyId, secretHash));
  if (!isRotated) throw new ConflictError('Key has expired or is revoked; create another');
  return { key: { ...key, secretHash }, token };
}

/** A key that may do more than the caller, or for longer, is none of its business. */
function isKnownTo(key: WantedKey, caller: Caller): boolean {
  return isWithin(key, caller) && !outlives(key, caller);
}

async function load(keyId: string, caller: Caller, keys: KeyStore): Promise<ApiKey> {
  const key = await keys.get(keyId);
  if (key === undefined || !isKnownTo(key, caller)) throw unknown();
  return key;
}

function unknown(): NotFoundError {
  return new NotFoundError('Key not found');
}

function widerThanItsMaker(): ForbiddenError {
  return new ForbiddenError('No key can make one that may do more than itself, or for longer.');
}

function invalid(path: string, message: string): InvalidRequestError {
  return new InvalidRequestError(`Invalid key: ${path}: ${message}`, [{ path, message }]);
}
