import type { ApiKey } from '../../lambdas/domain/access/api-key.ts';
import type { GatewayKeys, KeyStore } from '../../lambdas/domain/access/key-store.ts';

/** A key store and a gateway in memory, which count what is asked of them and fail on demand. */
export type MemoryKeys = {
  readonly store: KeyStore;
  readonly gateway: GatewayKeys;
  readonly stored: Map<string, ApiKey>;
  /** Values of the gateway's keys, by what it calls them. */
  readonly atGateway: Map<string, string>;
  readonly calls: string[];
  /** Calls of these names fail from now on. */
  readonly failing: Set<string>;
};

export function memoryKeys(): MemoryKeys {
  const stored = new Map<string, ApiKey>();
  const atGateway = new Map<string, string>();
  const calls: string[] = [];
  const failing = new Set<string>();
  const called = (name: string): void => {
    calls.push(name);
    if (failing.has(name)) throw new Error(`${name} failed`);
  };
  const store: KeyStore = {
    async get(keyId) {
      called('get');
      return stored.get(keyId);
    },
    async put(key) {
      called('put');
      stored.set(key.keyId, key);
    },
    async *list(after) {
      called('list');
      const ids = [...stored.keys()].sort().filter((keyId) => after === undefined || keyId > after);
      for (const keyId of ids) yield stored.get(keyId) as ApiKey;
    },
    async revoke(keyId, at) {
      called('revoke');
      return change(keyId, (key) => ({ ...key, revokedAt: key.revokedAt ?? at }));
    },
    async replaceSecret(keyId, secretHash) {
      called('replaceSecret');
      if (stored.get(keyId)?.revokedAt !== undefined) return false;
      return change(keyId, (key) => ({ ...key, secretHash }));
    },
    async remove(keyId) {
      called('remove');
      stored.delete(keyId);
    },
    async noteUse(keyId, at, unlessSince) {
      called('noteUse');
      const { lastUsedAt } = stored.get(keyId) ?? {};
      if (lastUsedAt === undefined || lastUsedAt < unlessSince) change(keyId, (key) => ({ ...key, lastUsedAt: at }));
    },
  };
  const change = (keyId: string, make: (key: ApiKey) => ApiKey): boolean => {
    const key = stored.get(keyId);
    if (key === undefined) return false;
    stored.set(keyId, make(key));
    return true;
  };
  const gateway: GatewayKeys = {
    async create(keyId) {
      called('gateway.create');
      const id = `gateway-${keyId}`;
      atGateway.set(id, keyId);
      return id;
    },
    async remove(gatewayId) {
      called('gateway.remove');
      atGateway.delete(gatewayId);
    },
  };
  return { store, gateway, stored, atGateway, calls, failing };
}
