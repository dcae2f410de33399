import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { operator } from '../../../lambdas/contracts/operator.ts';
import { forgetEndedKeys } from '../../../lambdas/domain/access/forget-ended-keys.ts';
import { createKey, revokeKey } from '../../../lambdas/domain/access/manage-keys.ts';
import { memoryKeys } from '../../support/memory-keys.ts';

const DAY = 24 * 3_600_000;
const start = Date.parse('2026-03-03T10:35:22Z');

function world() {
  const memory = memoryKeys();
  const clock = { now: start };
  const deps = { keys: memory.store, gateway: memory.gateway, now: () => clock.now, randomBytes };
  const make = async (name: string, expiresAt?: number) => {
    const wanted = { name, scopes: [], ...(expiresAt !== undefined && { expiresAt }) };
    return (await createKey(wanted, operator, deps)).key;
  };
  const names = () => [...memory.stored.values()].map(({ name }) => name).sort();
  return { ...memory, clock, deps, make, names };
}

test('keys go a week after they expired or were revoked, at the gateway too, and all others stay', async () => {
  const { clock, deps, make, names, atGateway } = world();
  await make('lasting');
  await make('expiring', start + 8 * DAY);
  await make('expired', start + DAY);
  const revoked = await make('revoked', start + 30 * DAY);
  clock.now = start + DAY;
  await revokeKey(revoked.keyId, operator, deps);
  clock.now = start + 8 * DAY - 1;
  await forgetEndedKeys(deps);
  expect(names()).toEqual(['expired', 'expiring', 'lasting', 'revoked']);
  expect(atGateway.size).toBe(3);
  clock.now += 1;
  await forgetEndedKeys(deps);
  expect(names()).toEqual(['expiring', 'lasting']);
  expect(atGateway.size).toBe(2);
});

test('a few at a time go, until none is left', async () => {
  const { clock, deps, make, names } = world();
  for (let n = 0; n < 7; n += 1) await make(`k-${n}`, start + 1);
  clock.now = start + 8 * DAY;
  const left: number[] = [];
  for (let times = 0; times < 3; times += 1) {
    await forgetEndedKeys(deps);
    left.push(names().length);
  }
  expect(left).toEqual([4, 1, 0]);
});

test('a key that the gateway does not let go of stays, and goes the next time', async () => {
  const { clock, deps, make, names, failing, atGateway } = world();
  await make('expired', start + 1);
  clock.now = start + 8 * DAY;
  failing.add('gateway.remove');
  await expect(forgetEndedKeys(deps)).rejects.toThrow('gateway.remove failed');
  expect(names()).toEqual(['expired']);
  failing.clear();
  await forgetEndedKeys(deps);
  expect([names(), atGateway.size]).toEqual([[], 0]);
});

test('a key from before it was recorded what the gateway calls it is revoked and goes all the same', async () => {
  const { clock, deps, make, stored, calls } = world();
  const { gatewayId: _, ...old } = await make('old');
  stored.set(old.keyId, old);
  await revokeKey(old.keyId, operator, deps);
  expect(stored.get(old.keyId)?.revokedAt).toBe(start);
  clock.now = start + 8 * DAY;
  await forgetEndedKeys(deps);
  expect(stored.size).toBe(0);
  expect(calls).not.toContain('gateway.remove');
});
