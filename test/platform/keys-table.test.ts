import { randomBytes } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { operator } from '../../lambdas/contracts/operator.ts';
import { type ApiKey, newKeyId, newSecret } from '../../lambdas/domain/access/api-key.ts';
import type { Caller } from '../../lambdas/domain/access/caller.ts';
import type { KeyStore } from '../../lambdas/domain/access/key-store.ts';
import { listKeys } from '../../lambdas/domain/access/manage-keys.ts';
import { keysTable } from '../../lambdas/platform/keys-table.ts';
import { startTables } from '../support/start-tables.ts';

const SCANNED_AT_ONCE = 3;
let tables: Awaited<ReturnType<typeof startTables>>;
let client: DynamoDBClient;
let store: KeyStore;
let scans = 0;

beforeAll(async () => {
  tables = await startTables([
    {
      name: 'keys',
      AttributeDefinitions: [{ AttributeName: 'key_id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'key_id', KeyType: 'HASH' }],
    },
  ]);
  client = new DynamoDBClient({ maxAttempts: 1 });
  // As if three keys were the megabyte that one answer may hold.
  client.middlewareStack.add(
    (next, { commandName }) =>
      (call) => {
        if (commandName !== 'ScanCommand') return next(call);
        scans += 1;
        return next({ ...call, input: { ...call.input, Limit: SCANNED_AT_ONCE } });
      },
    { step: 'initialize' },
  );
  const marshallOptions = { removeUndefinedValues: true };
  store = keysTable('keys', DynamoDBDocumentClient.from(client, { marshallOptions }));
});
afterAll(async () => {
  client.destroy();
  await tables.close();
});
beforeEach(async () => {
  for await (const { keyId } of store.list(undefined)) await store.remove(keyId);
  scans = 0;
});

async function keep(more: Partial<ApiKey> = {}): Promise<ApiKey> {
  const keyId = newKeyId(randomBytes);
  const { secretHash } = newSecret(keyId, randomBytes);
  const key = { keyId, name: 'k', secretHash, scopes: ['wrappers:read'], gatewayId: 'g', createdAt: 1, ...more };
  await store.put(key);
  return key;
}

/** The ids of all pages, and how many there were. */
async function listed(caller: Caller, limit: number): Promise<{ readonly ids: string[]; readonly pages: number[] }> {
  const [ids, pages]: [string[], number[]] = [[], []];
  let after: string | undefined;
  do {
    const page = await listKeys(caller, { limit, after }, { keys: store });
    ids.push(...page.keys.map(({ keyId }) => keyId));
    pages.push(page.keys.length);
    after = page.next;
  } while (after !== undefined);
  return { ids, pages };
}

const sorted = (keys: readonly ApiKey[]) => keys.map(({ keyId }) => keyId).sort();

test('a key is read as it was written, whatever it has', async () => {
  const whole = { wrapperIds: ['w-1'], expiresAt: 2, revokedAt: 3, lastUsedAt: 4 };
  for (const key of [await keep(), await keep(whole)]) expect(await store.get(key.keyId)).toEqual(key);
  const { gatewayId: _, ...old } = await keep();
  await store.put(old);
  expect(await store.get(old.keyId)).toEqual(old);
});

describe('a list over more scans than one', () => {
  test.each([1, 2, 3, 4, 6, 7, 20, 100])('in pages of %i has each key once', async (limit) => {
    const kept = await Promise.all(Array.from({ length: 20 }, () => keep()));
    const { ids, pages } = await listed(operator, limit);
    expect(ids.sort()).toEqual(sorted(kept));
    expect(scans).toBeGreaterThanOrEqual(20 / SCANNED_AT_ONCE);
    // Full to the last one, however few a scan brings.
    expect(pages.slice(0, -1)).toEqual(Array(pages.length - 1).fill(limit));
  });

  test('goes on until it has found what the caller may see', async () => {
    const caller = { keyId: 'c', scopes: ['wrappers:read'], wrapperIds: ['w-1'] };
    const foreign = Array.from({ length: 20 }, () => keep({ wrapperIds: ['w-2'] }));
    await Promise.all(foreign);
    const own = await Promise.all([1, 2, 3].map(() => keep({ wrapperIds: ['w-1'] })));
    const { ids, pages } = await listed(caller, 2);
    expect(ids.sort()).toEqual(sorted(own));
    expect(pages).toEqual([2, 1]);
  });

  test('goes on behind a key that is gone meanwhile', async () => {
    const kept = await Promise.all(Array.from({ length: 9 }, () => keep()));
    const first = await listKeys(operator, { limit: 4 }, { keys: store });
    await store.remove(String(first.next));
    const rest = await listKeys(operator, { limit: 100, after: first.next }, { keys: store });
    expect(sorted([...first.keys, ...rest.keys])).toEqual(sorted(kept));
  });

  test('of nothing is one empty page', async () => {
    expect(await listed(operator, 5)).toEqual({ ids: [], pages: [0] });
  });
});

test('one that is gone already can be removed', async () => {
  const { keyId } = await keep();
  await store.remove(keyId);
  await store.remove(keyId);
  expect(await store.get(keyId)).toBeUndefined();
});
