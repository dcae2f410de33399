import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import {
  type ApiKey,
  hasSecret,
  isInForce,
  newKeyId,
  newSecret,
  parseToken,
} from '../../../lambdas/domain/access/api-key.ts';
import { authenticator } from '../../../lambdas/domain/access/authenticator.ts';
import { RetryableError } from '../../../lambdas/domain/errors.ts';

const now = Date.parse('2026-03-03T10:35:22Z');
const secretOf = (token: string) => parseToken(token)?.secret ?? '';

function make(): { key: ApiKey; token: string } {
  const keyId = newKeyId(randomBytes);
  const { token, secretHash } = newSecret(keyId, randomBytes);
  const key = { keyId, name: 'ops', secretHash, scopes: ['wrappers:read'], gatewayId: 'g-1', createdAt: now };
  return { key, token };
}

describe('a key', () => {
  test('has 256 random bits of secret, of which only the hash is kept', () => {
    const { key, token } = make();
    const secret = secretOf(token);
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    expect(JSON.stringify(key)).not.toContain(secret);
    expect(key.secretHash).toMatch(/^[0-9a-f]{64}$/);
    expect(make().token).not.toBe(token);
  });

  test('has an id that API Gateway takes as a key value (20 to 128 characters)', () => {
    expect(make().key.keyId).toMatch(/^[0-9a-f]{24}$/);
  });

  test('opens with its own secret only', () => {
    const { key, token } = make();
    expect(hasSecret(key, secretOf(token))).toBe(true);
    expect(hasSecret(key, secretOf(make().token))).toBe(false);
    expect(hasSecret(key, '')).toBe(false);
    expect(hasSecret({ ...key, secretHash: '' }, '')).toBe(false);
  });

  test('is in force until it expires or is revoked, to the millisecond', () => {
    const { key } = make();
    expect(isInForce(key, now)).toBe(true);
    expect(isInForce({ ...key, expiresAt: now + 1, revokedAt: now + 1 }, now)).toBe(true);
    expect(isInForce({ ...key, expiresAt: now }, now)).toBe(false);
    expect(isInForce({ ...key, revokedAt: now }, now)).toBe(false);
  });
});

test.each([
  '',
  'hg_',
  'hg__',
  `hg_${'a'.repeat(24)}_${'b'.repeat(42)}`,
  `hg_${'a'.repeat(24)}_${'b'.repeat(44)}`,
  `hg_${'A'.repeat(24)}_${'b'.repeat(43)}`,
  ` hg_${'a'.repeat(24)}_${'b'.repeat(43)}`,
  `hg_${'a'.repeat(24)}_${'b'.repeat(43)}\n`,
  `xx_${'a'.repeat(24)}_${'b'.repeat(43)}`,
])('%j is no token', (token) => {
  expect(parseToken(token)).toBeUndefined();
});

describe('the authenticator', () => {
  function rehearse(keys: ApiKey[]) {
    const asked: string[] = [];
    const stored = new Map(keys.map((key) => [key.keyId, key]));
    const clock = { now };
    const get = async (keyId: string) => {
      asked.push(keyId);
      return stored.get(keyId);
    };
    return { stored, asked, clock, authenticate: authenticator({ get }, () => clock.now) };
  }

  test('knows whose token it is, and remembers for a minute', async () => {
    const { key, token } = make();
    const { authenticate, asked, clock } = rehearse([key]);
    expect(await authenticate(token)).toBe(key);
    clock.now += 59_999;
    expect(await authenticate(token)).toBe(key);
    expect(asked).toHaveLength(1);
    clock.now += 1;
    expect(await authenticate(token)).toBe(key);
    expect(asked).toHaveLength(2);
  });

  test('checks the secret although it remembers the key', async () => {
    const { key, token } = make();
    const { authenticate } = rehearse([key]);
    await authenticate(token);
    expect(await authenticate(`hg_${key.keyId}_${secretOf(make().token)}`)).toBeUndefined();
  });

  test('notices within a minute that a key was revoked, and at once that it expired', async () => {
    const { key, token } = make();
    const { authenticate, stored, clock } = rehearse([{ ...key, expiresAt: now + 90_000 }]);
    expect(await authenticate(token)).toBeDefined();
    stored.set(key.keyId, { ...key, revokedAt: now });
    clock.now += 60_000;
    expect(await authenticate(token)).toBeUndefined();

    const expiring = rehearse([{ ...key, expiresAt: now + 10 }]);
    expect(await expiring.authenticate(token)).toBeDefined();
    expiring.clock.now += 10;
    expect(await expiring.authenticate(token)).toBeUndefined();
  });

  test('lets a new key in at once, though it was unknown a moment ago', async () => {
    const { key, token } = make();
    const { authenticate, stored } = rehearse([]);
    expect(await authenticate(token)).toBeUndefined();
    stored.set(key.keyId, key);
    expect(await authenticate(token)).toBe(key);
  });

  test('opens to a new secret at once, and to the old one for a minute at most', async () => {
    const { key, token } = make();
    const { authenticate, stored, clock } = rehearse([key]);
    expect(await authenticate(token)).toBe(key);
    const rotated = newSecret(key.keyId, randomBytes);
    stored.set(key.keyId, { ...key, secretHash: rotated.secretHash });
    expect(await authenticate(token)).toBeDefined();
    clock.now += 60_000;
    expect(await authenticate(token)).toBeUndefined();
    expect(await authenticate(rotated.token)).toBeDefined();

    const again = newSecret(key.keyId, randomBytes);
    stored.set(key.keyId, { ...key, secretHash: again.secretHash });
    expect(await authenticate(again.token)).toBeDefined();
    expect(await authenticate(rotated.token)).toBeUndefined();
  });

  test('asks nobody about what can not be a token', async () => {
    const { authenticate, asked } = rehearse([]);
    expect(await authenticate('nonsense')).toBeUndefined();
    expect(asked).toHaveLength(0);
  });

  test('does not call a key wrong when the store can not be read', async () => {
    const get = async () => {
      throw new RetryableError('the store is unavailable');
    };
    await expect(authenticator({ get }, () => now)(make().token)).rejects.toThrow('the store is unavailable');
  });

  test('knows a key for an hour while the store is out of reach, for who asks about the outage', async () => {
    const { key, token } = make();
    const { authenticate, stored, clock } = rehearse([{ ...key, expiresAt: now + 3_000_000 }]);
    const inOutage = { inOutage: true };
    await authenticate(token);
    stored.get = () => {
      throw new RetryableError('the store is unavailable');
    };
    clock.now += 60_000;
    await expect(authenticate(token)).rejects.toThrow('the store is unavailable');
    expect(await authenticate(token, inOutage)).toBeDefined();
    expect(await authenticate(`hg_${key.keyId}_${secretOf(make().token)}`, inOutage)).toBeUndefined();
    await expect(authenticate(make().token, inOutage)).rejects.toThrow('the store is unavailable');
    clock.now = now + 3_000_000;
    expect(await authenticate(token, inOutage)).toBeUndefined();
    clock.now = now + 3_600_000;
    await expect(authenticate(token, inOutage)).rejects.toThrow('the store is unavailable');
  });

  test('remembers a thousand keys, not more', async () => {
    const made = Array.from({ length: 1001 }, make);
    const { authenticate, asked } = rehearse(made.map(({ key }) => key));
    for (const { token } of made) await authenticate(token);
    await authenticate(made[1000]?.token ?? '');
    expect(asked).toHaveLength(1001);
    await authenticate(made[0]?.token ?? '');
    expect(asked).toHaveLength(1002);
  });
});
