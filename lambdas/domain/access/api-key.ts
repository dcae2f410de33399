import { createHash, timingSafeEqual } from 'node:crypto';

/** What is kept of an API key: never the secret itself. */
export type ApiKey = {
  /** Public; also the value of the gateway's own key, which counts and throttles by it. */
  readonly keyId: string;
  readonly name: string;
  /** SHA-256 of the secret in hex. A slow hash is for passwords: 256 random bits can't be guessed. */
  readonly secretHash: string;
  readonly scopes: readonly string[];
  /** The wrappers that it may touch; absent: all. */
  readonly wrapperIds?: readonly string[];
  /** What the gateway calls its own key; absent: made when that was not recorded yet. */
  readonly gatewayId?: string;
  /** All instants are milliseconds since the epoch; absent: never. */
  readonly createdAt: number;
  readonly expiresAt?: number;
  readonly revokedAt?: number;
  /** To the hour. */
  readonly lastUsedAt?: number;
};

/** Bytes from a cryptographic source. */
export type RandomBytes = (count: number) => Buffer;

const TOKEN = /^hg_([0-9a-f]{24})_([A-Za-z0-9_-]{43})$/;

export function newKeyId(randomBytes: RandomBytes): string {
  return randomBytes(12).toString('hex');
}

/** A key's token `hg_<key id>_<secret>` is shown once and then known to its owner alone; what is kept is the hash. */
export function newSecret(
  keyId: string,
  randomBytes: RandomBytes,
): { readonly token: string; readonly secretHash: string } {
  const secret = randomBytes(32).toString('base64url');
  return { token: `hg_${keyId}_${secret}`, secretHash: sha256(secret).toString('hex') };
}

/** The parts of a token, or undefined for what can't be one. */
export function parseToken(token: string): { readonly keyId: string; readonly secret: string } | undefined {
  const [, keyId, secret] = TOKEN.exec(token) ?? [];
  return keyId === undefined || secret === undefined ? undefined : { keyId, secret };
}

/** Takes equally long for every wrong secret. */
export function hasSecret(key: ApiKey, secret: string): boolean {
  const expected = Buffer.from(key.secretHash, 'hex');
  const given = sha256(secret);
  return expected.length === given.length && timingSafeEqual(expected, given);
}

/** Neither expired nor revoked. */
export function isInForce(key: ApiKey, now: number): boolean {
  return now < endOf(key);
}

/** When a key expires or was revoked, whichever comes first; infinite: never. It does not come back after that. */
export function endOf({ expiresAt, revokedAt }: ApiKey): number {
  return Math.min(expiresAt ?? Number.POSITIVE_INFINITY, revokedAt ?? Number.POSITIVE_INFINITY);
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
