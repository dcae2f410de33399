import { createHash, timingSafeEqual } from 'node:crypto';

/** What is kept of an API key: never the secret itself. */
export type ApiKey = {
  /** Public; also the value of the gateway's own key, which counts and throttles by it. */
  readonly keyId: string;
  readonly name: string;
  /** SHA-256 of the secret in hex. A slow hash is for passwords: 256 random bits can't be guessed. */
  readonly secretHash: string;
  readonly role: string;
  readonly scopes: readonly string[];
  /** ISO 8601. */
  readonly createdAt: string;
  /** Milliseconds since the epoch; absent: never. */
  readonly expiresAt?: number;
  readonly revokedAt?: number;
};

/** Bytes from a cryptographic source. */
export type RandomBytes = (count: number) => Buffer;

const TOKEN = /^hg_([0-9a-f]{24})_([A-Za-z0-9_-]{43})$/;

/** Makes a key and its token `hg_<key id>_<secret>`, which is shown once and then known to its owner alone. */
export function newApiKey(
  wanted: Pick<ApiKey, 'name' | 'role' | 'scopes'>,
  { now, randomBytes }: { readonly now: number; readonly randomBytes: RandomBytes },
): { readonly key: ApiKey; readonly token: string } {
  const keyId = randomBytes(12).toString('hex');
  const secret = randomBytes(32).toString('base64url');
  const key = { ...wanted, keyId, secretHash: sha256(secret).toString('hex'), createdAt: new Date(now).toISOString() };
  return { key, token: `hg_${keyId}_${secret}` };
}

/** The parts of a token, or undefined for what can't be one. */
export function parseToken(token: string): { readonly keyId: string; readonly secret: string } | undefined {
  const [, keyId, secret] = TOKEN.exec(token) ?? [];
  return keyId === undefined || secret === undefined ? undefined : { keyId, secret };
}

/** Whether the secret is this key's and the key is in force. Takes equally long for every wrong secret. */
export function opens(key: ApiKey, secret: string, now: number): boolean {
  const expected = Buffer.from(key.secretHash, 'hex');
  const given = sha256(secret);
  const matches = expected.length === given.length && timingSafeEqual(expected, given);
  return (
    matches && now < (key.expiresAt ?? Number.POSITIVE_INFINITY) && now < (key.revokedAt ?? Number.POSITIVE_INFINITY)
  );
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
