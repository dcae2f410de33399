import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { operator } from '../../../lambdas/contracts/operator.ts';
import { authenticator } from '../../../lambdas/domain/access/authenticator.ts';
import type { Caller } from '../../../lambdas/domain/access/caller.ts';
import {
  createKey,
  listKeys,
  revokeKey,
  rotateKey,
  type WantedKey,
} from '../../../lambdas/domain/access/manage-keys.ts';
import { useNoter } from '../../../lambdas/domain/access/use-noter.ts';
import { ConflictError, ForbiddenError, InvalidRequestError, NotFoundError } from '../../../lambdas/domain/errors.ts';
import { memoryKeys } from '../../support/memory-keys.ts';

const start = Date.parse('2026-03-03T10:35:22Z');
const HOUR = 3_600_000;

function world() {
  const memory = memoryKeys();
  const clock = { now: start };
  const now = () => clock.now;
  const deps = { keys: memory.store, gateway: memory.gateway, now, randomBytes };
  return { ...memory, clock, deps, opens: authenticator(memory.store, now) };
}

const limited: Caller = {
  keyId: 'maker',
  scopes: ['wrappers:read', 'keys:write'],
  wrapperIds: ['w-1', 'w-2'],
  expiresAt: start + HOUR,
};

describe('creating', () => {
  test('gives a key that opens and is on the gateway', async () => {
    const { deps, opens, atGateway } = world();
    const { key, token } = await createKey({ name: 'ops', scopes: ['wrappers:read'] }, operator, deps);
    expect(await opens(token)).toEqual(key);
    expect([...atGateway]).toEqual([[key.gatewayId, key.keyId]]);
  });

  test.each(['gateway.create', 'put'])('leaves no key when %s fails', async (step) => {
    const { deps, failing, stored, atGateway } = world();
    failing.add(step);
    await expect(createKey({ name: 'ops', scopes: [] }, operator, deps)).rejects.toThrow(`${step} failed`);
    expect([stored.size, atGateway.size]).toEqual([0, 0]);
  });

  test('tells what failed first, even when it can not be taken back', async () => {
    const { deps, failing, stored } = world();
    failing.add('put').add('gateway.remove');
    await expect(createKey({ name: 'ops', scopes: [] }, operator, deps)).rejects.toThrow('put failed');
    expect(stored.size).toBe(0);
  });

  test('refuses a key that has expired before it is made', async () => {
    const { deps, calls } = world();
    const wanted = { name: 'late', scopes: [], expiresAt: start };
    await expect(createKey(wanted, operator, deps)).rejects.toThrow(InvalidRequestError);
    expect(calls).toEqual([]);
  });

  test.each<[string, Omit<WantedKey, 'name'>]>([
    ['another scope', { scopes: ['wrappers:write'], wrapperIds: ['w-1'], expiresAt: start + 1 }],
    ['another wrapper', { scopes: ['wrappers:read'], wrapperIds: ['w-1', 'w-3'], expiresAt: start + 1 }],
    ['all wrappers', { scopes: ['wrappers:read'], expiresAt: start + 1 }],
    ['more time', { scopes: ['wrappers:read'], wrapperIds: ['w-1'], expiresAt: start + HOUR + 1 }],
    ['no end', { scopes: ['wrappers:read'], wrapperIds: ['w-1'] }],
  ])('refuses a key with %s than its maker has', async (_, wanted) => {
    const { deps, calls } = world();
    await expect(createKey({ name: 'wider', ...wanted }, limited, deps)).rejects.toThrow(ForbiddenError);
    expect(calls).toEqual([]);
  });

  test('lets a limited key make one as limited as itself', async () => {
    const { deps } = world();
    const { scopes, wrapperIds, expiresAt } = limited;
    const wanted = { name: 'same', scopes, ...(wrapperIds && { wrapperIds }), ...(expiresAt && { expiresAt }) };
    expect((await createKey(wanted, limited, deps)).key).toMatchObject({ wrapperIds, expiresAt });
  });
});

describe('revoking', () => {
  test('ends a key within 60 seconds where it is remembered, and at once elsewhere', async () => {
    const { deps, opens, clock, atGateway } = world();
    const { key, token } = await createKey({ name: 'ops', scopes: [] }, operator, deps);
    await opens(token);
    await revokeKey(key.keyId, operator, deps);
    expect(atGateway.size).toBe(0);
    expect(await authenticator(deps.keys, deps.now)(token)).toBeUndefined();
    clock.now += 60_000;
    expect(await opens(token)).toBeUndefined();
  });

  test('a second time changes nothing, and finishes what a failure left', async () => {
    const { deps, failing, stored, atGateway, clock } = world();
    const { key } = await createKey({ name: 'ops', scopes: [] }, operator, deps);
    failing.add('gateway.remove');
    await expect(revokeKey(key.keyId, operator, deps)).rejects.toThrow('gateway.remove failed');
    failing.clear();
    clock.now += 1;
    await revokeKey(key.keyId, operator, deps);
    expect([stored.get(key.keyId)?.revokedAt, atGateway.size]).toEqual([start, 0]);
  });
});

describe('rotating', () => {
  test('changes the secret and nothing else', async () => {
    const { deps, stored } = world();
    const { key, token } = await createKey({ name: 'ops', scopes: ['feeds:read'] }, operator, deps);
    const rotated = await rotateKey(key.keyId, operator, deps);
    const opens = authenticator(deps.keys, deps.now);
    expect([await opens(token), await opens(rotated.token)]).toEqual([undefined, rotated.key]);
    expect(stored.get(key.keyId)).toEqual({ ...key, secretHash: rotated.key.secretHash });
  });

  test('wakes no key that is revoked or has expired', async () => {
    const { deps, clock } = world();
    const revoked = await createKey({ name: 'revoked', scopes: [] }, operator, deps);
    await revokeKey(revoked.key.keyId, operator, deps);
    await expect(rotateKey(revoked.key.keyId, operator, deps)).rejects.toThrow(ConflictError);
    const expired = await createKey({ name: 'expired', scopes: [], expiresAt: start + 1 }, operator, deps);
    clock.now += 1;
    await expect(rotateKey(expired.key.keyId, operator, deps)).rejects.toThrow(ConflictError);
  });
});

test("a key that opens for longer than the caller's is as unknown to it: neither listed, nor rotated, nor revoked", async () => {
  const { deps, stored } = world();
  const { key } = await createKey({ name: 'lasting', scopes: [], wrapperIds: ['w-1'] }, operator, deps);
  await expect(rotateKey(key.keyId, limited, deps)).rejects.toThrow(NotFoundError);
  await expect(revokeKey(key.keyId, limited, deps)).rejects.toThrow(NotFoundError);
  expect((await listKeys(limited, { limit: 10 }, deps)).keys).toEqual([]);
  expect(stored.get(key.keyId)).toEqual(key);
});

test('what may do more than the caller is as unknown to it as what is not there', async () => {
  const { deps, stored } = world();
  const { key } = await createKey({ name: 'admin', scopes: operator.scopes }, operator, deps);
  for (const keyId of [key.keyId, 'no-such-key']) {
    await expect(revokeKey(keyId, limited, deps)).rejects.toEqual(new NotFoundError('Key not found'));
    await expect(rotateKey(keyId, limited, deps)).rejects.toEqual(new NotFoundError('Key not found'));
  }
  expect((await listKeys(limited, { limit: 10 }, deps)).keys).toEqual([]);
  expect(stored.get(key.keyId)).toEqual(key);
});

test('the list comes in pages, each key once, whatever is left out of it', async () => {
  const { deps } = world();
  for (let n = 0; n < 20; n += 1) {
    const wrapperIds = n % 3 === 0 ? ['w-9'] : ['w-1'];
    const { expiresAt } = limited;
    await createKey({ name: `k-${n}`, scopes: ['wrappers:read'], wrapperIds, expiresAt }, operator, deps);
  }
  const names: string[] = [];
  let after: string | undefined;
  do {
    const page = await listKeys(limited, { limit: 4, after }, deps);
    names.push(...page.keys.map(({ name }) => name));
    after = page.next;
  } while (after !== undefined);
  const visible = Array.from({ length: 20 }, (_, n) => n).filter((n) => n % 3 !== 0);
  expect(names.sort()).toEqual(visible.map((n) => `k-${n}`).sort());
});

describe('last use', () => {
  test('is written once an hour, whoever asks how often', async () => {
    const { deps, stored, clock, calls } = world();
    const { key } = await createKey({ name: 'ops', scopes: [] }, operator, deps);
    const [here, there] = [useNoter(deps.keys, deps.now), useNoter(deps.keys, deps.now)];
    for (let n = 0; n < 100; n += 1) await here(key);
    expect(calls.filter((call) => call === 'noteUse')).toHaveLength(1);
    clock.now += 1000;
    await there(key);
    expect(stored.get(key.keyId)?.lastUsedAt).toBe(start);
    await there(stored.get(key.keyId) ?? key);
    expect(calls.filter((call) => call === 'noteUse')).toHaveLength(2);
    clock.now = start + HOUR + 1;
    await here(stored.get(key.keyId) ?? key);
    expect(stored.get(key.keyId)?.lastUsedAt).toBe(clock.now);
  });

  test('that can not be written is not tried again with each request', async () => {
    const { deps, failing, calls } = world();
    const { key } = await createKey({ name: 'ops', scopes: [] }, operator, deps);
    failing.add('noteUse');
    const note = useNoter(deps.keys, deps.now);
    await expect(note(key)).rejects.toThrow('noteUse failed');
    await note(key);
    expect(calls.filter((call) => call === 'noteUse')).toHaveLength(1);
  });
});
