import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { authenticator } from '../../lambdas/domain/access/authenticator.ts';
import { keysTable } from '../../lambdas/platform/keys-table.ts';
import { startControlPlane } from '../../local/engine/gateway/control-plane.ts';
import { openKeyStore } from '../../local/engine/gateway/key-store.ts';
import { announceStack } from '../../local/running-stack.ts';
import { type Storage, startStorage } from '../../local/storage/start-storage.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const directory = temporaryDirectory();
const gatewayKeys = openKeyStore(directory.path, [], Date.now);
let storage: Storage;
let control: Awaited<ReturnType<typeof startControlPlane>>;
let dynamo: DynamoDBClient;

beforeAll(async () => {
  const keys = {
    name: 'keys',
    AttributeDefinitions: [{ AttributeName: 'key_id', AttributeType: 'S' as const }],
    KeySchema: [{ AttributeName: 'key_id', KeyType: 'HASH' as const }],
  };
  storage = await startStorage({
    dataDir: directory.path,
    tables: [keys],
    buckets: [],
    credentials,
    log: () => undefined,
  });
  const plan = { id: 'plan-1', name: 'headgate-local', throttle: undefined, quota: undefined };
  control = await startControlPlane({ keys: gatewayKeys, plans: [plan], now: Date.now, newId: randomUUID });
  await announceStack(directory.path, { ...stack(), usagePlan: plan.name });
  dynamo = new DynamoDBClient({ endpoint: storage.dynamodbUrl, region: 'eu-west-1', credentials });
});
afterAll(async () => {
  dynamo.destroy();
  await control.close();
  await storage.close();
  directory.remove();
});

function stack() {
  return { region: 'eu-west-1', dynamodb: storage.dynamodbUrl, apiGateway: control.url, keysTable: 'keys' };
}

async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const script = new URL('../../bin/keys.ts', import.meta.url).pathname;
  // Whatever account the one who runs this has: none.
  const env = { PATH: process.env.PATH, AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' };
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, [script, ...args], { env })) };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
}

const here = ['--local', '--data', directory.path];
const authenticate = (token: string) =>
  authenticator(keysTable('keys', DynamoDBDocumentClient.from(dynamo)), Date.now)(token);

test('creates a key that opens the API, is on the usage plan, and is shown once; rotates and revokes it', async () => {
  const wrapper = randomUUID();
  const wanted = ['--name', 'ops', '--scope', 'wrappers:read', '--wrapper', wrapper, '--expires', '90d'];
  const { code, stdout } = await run('create', ...wanted, ...here);
  expect(code).toBe(0);
  const token = stdout.trim();
  const key = await authenticate(token);
  expect(key).toMatchObject({ name: 'ops', scopes: ['wrappers:read'], wrapperIds: [wrapper] });
  expect(Number(key?.expiresAt) - Number(key?.createdAt)).toBeGreaterThan(89.9 * 86_400_000);
  expect(gatewayKeys.list()).toMatchObject([{ value: key?.keyId, enabled: true, usagePlanIds: ['plan-1'] }]);
  const keyId = String(key?.keyId);

  const rotated = (await run('rotate', keyId, ...here)).stdout.trim();
  expect([await authenticate(token), (await authenticate(rotated))?.keyId]).toEqual([undefined, keyId]);

  expect(await run('revoke', keyId, ...here)).toMatchObject({ code: 0, stdout: '' });
  expect([await authenticate(rotated), gatewayKeys.list()]).toEqual([undefined, []]);

  const listed = (await run('list', ...here)).stdout;
  expect(JSON.parse(listed)).toMatchObject({ key_id: keyId, name: 'ops', wrapper_ids: [wrapper], revoked: true });
  for (const secret of [token, rotated]) expect(listed).not.toContain(secret.slice(-43));
});

test('gives the scopes of a role, and those to read if none is named', async () => {
  const { stdout } = await run('create', '--name', 'writer', '--role', 'write', ...here);
  expect((await authenticate(stdout.trim()))?.scopes).toEqual([
    'wrappers:read',
    'feeds:read',
    'health:read',
    'wrappers:write',
    'wrappers:execute',
  ]);
  const reader = await run('create', '--name', 'reader', ...here);
  expect((await authenticate(reader.stdout.trim()))?.scopes.every((scope) => scope.endsWith(':read'))).toBe(true);
});

test.each([
  ['an unknown role', ['create', '--name', 'x', '--role', 'root', ...here], '--role must be one of "read"'],
  ['an unknown scope', ['create', '--name', 'x', '--scope', 'all', ...here], '--scope must be one of "wrappers:read"'],
  [
    'role and scope',
    ['create', '--name', 'x', '--role', 'read', '--scope', 'feeds:read', ...here],
    '--role can not be',
  ],
  ['no wrapper id', ['create', '--name', 'x', '--wrapper', '7', ...here], '--wrapper is not a wrapper id'],
  [
    'no time',
    ['create', '--name', 'x', '--expires', 'soon', ...here],
    '--expires must be a time such as 2030-01-31T00:00:00Z, or days from now such as 90d',
  ],
  ['a time gone by', ['create', '--name', 'x', '--expires', '0d', ...here], 'expires_at: is not in the future'],
  ['no name', ['create', ...here], '--name is required'],
  ['no command', [], 'no command\n\nnpm run keys -- COMMAND'],
  ['an unknown command', ['destroy'], 'unknown command: destroy\n\nnpm run keys -- COMMAND'],
  ['no key to revoke', ['revoke', ...here], 'revoke takes the id of one key\n\nnpm run keys -- COMMAND'],
  ['an unknown key', ['revoke', 'nope', ...here], 'Key not found'],
  ['an unknown option', ['create', '--nmae', 'x'], "Unknown option '--nmae'"],
  ['no AWS settings', ['list'], 'AWS settings; --local is for those of npm start.\nRegion is missing'],
  ['a folder without a stack', ['list', '--local', '--data', '/nowhere'], 'No local stack runs on /nowhere'],
])('%s is refused with the reason', async (_name, args, reason) => {
  const { code, stdout, stderr } = await run(...args);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toContain(reason);
});
