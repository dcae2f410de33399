import type { ApiKey } from './api-key.ts';

/** Every method throws `RetryableError` when the store is out of reach: no reason to call a key wrong. */
export type KeyStore = {
  /** `withinMs`: out of reach is what takes longer. */
  get(keyId: string, withinMs?: number): Promise<ApiKey | undefined>;
  put(key: ApiKey): Promise<void>;
  /** All keys after the given one, in no order but always the same. */
  list(after: string | undefined): AsyncIterable<ApiKey>;
  /** Keeps the instant of the first time. False when there is no such key. */
  revoke(keyId: string, at: number): Promise<boolean>;
  /** False when there is no such key, or it is revoked. */
  replaceSecret(keyId: string, secretHash: string): Promise<boolean>;
  /** For good; one that is gone already is no error. */
  remove(keyId: string): Promise<void>;
  /** Writes only when the last use that is known is before `unlessSince`. */
  noteUse(keyId: string, at: number, unlessSince: number): Promise<void>;
};

/** The gateway's own keys, which count and throttle. */
export type GatewayKeys = {
  /** Puts a key of this value on the usage plan, or leaves nothing; answers what the gateway calls it. */
  create(keyId: string, name: string): Promise<string>;
  /** One that is gone already is no error. */
  remove(gatewayId: string): Promise<void>;
};
