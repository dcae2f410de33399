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
  const plan = { id: 'plan-1', name: 'plan', throttle: undefined, quota: undefined };
  control = await startControlPlane({ keys: gatewayKeys, plans: [plan], now: Date.now, newId: randomUUID });
  dynamo = new DynamoDBClient({ endpoint: storage.dynamodbUrl, region: 'eu-west-1', credentials });
});
afterAll(async () => {
  dynamo.destroy();
  await control.close();
  await storage.close();
  directory.remove();
});

async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = {
    PATH: process.env.PATH,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_ENDPOINT_URL_DYNAMODB: storage.dynamodbUrl,
    AWS_ENDPOINT_URL_API_GATEWAY: control.url,
  };
  const script = new URL('../../bin/keys.ts', import.meta.url).pathname;
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, [script, ...args], { env })) };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
}

const here = ['--usage-plan', 'plan-1', '--keys-table', 'keys'];

test('creates a key that opens the API, is on the usage plan, and is shown once', async () => {
  const { code, stdout } = await run('create', '--name', 'ops', '--role', 'write', ...here);
  expect(code).toBe(0);
  const token = stdout.trim();
  const store = keysTable('keys', DynamoDBDocumentClient.from(dynamo));
  const key = await authenticator(store, Date.now)(token);
  expect(key).toMatchObject({
    name: 'ops',
    role: 'write',
    scopes: ['wrappers:read', 'feeds:read', 'health:read', 'wrappers:write', 'wrappers:execute'],
  });
  expect(gatewayKeys.list()).toMatchObject([{ value: key?.keyId, enabled: true, usagePlanIds: ['plan-1'] }]);
});

test.each([
  [
    'an unknown role',
    ['create', '--name', 'x', '--role', 'root', ...here],
    'Unknown role "root": must be one of read, write, admin',
  ],
  ['no name', ['create', ...here], 'npm run keys -- create --name NAME'],
  ['no command', [], 'npm run keys -- create --name NAME'],
  [
    'half a deployment',
    ['create', '--name', 'x', '--usage-plan', 'plan-1'],
    '--usage-plan and --keys-table go together',
  ],
  ['an unknown option', ['create', '--nmae', 'x'], "Unknown option '--nmae'"],
  [
    'an unknown usage plan',
    ['create', '--name', 'x', '--usage-plan', 'nope', '--keys-table', 'keys'],
    'Invalid Usage Plan ID',
  ],
  [
    'an unknown table',
    ['create', '--name', 'x', '--usage-plan', 'plan-1', '--keys-table', 'nope'],
    'Requested resource not found',
  ],
])('%s is refused with the reason', async (_name, args, reason) => {
  const { code, stdout, stderr } = await run(...args);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toContain(reason);
});
