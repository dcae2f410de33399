import { statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { RetryableError } from '../../lambdas/domain/errors.ts';
import { secretReader } from '../../lambdas/platform/secrets.ts';
import { type AccountServices, startAccountServices } from '../../local/storage/start-account-services.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

// Against the local engine's file, through the real client.
const directory = temporaryDirectory();
const file = path.join(directory.path, 'secrets.json');
const lines: string[] = [];
let services: AccountServices;
let client: SecretsManagerClient;
let time = 0;

beforeAll(async () => {
  services = await startAccountServices({
    dataDir: directory.path,
    secretsPrefix: 'headgate/test/',
    queues: [],
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    log: (line) => lines.push(line),
  });
  client = new SecretsManagerClient({
    endpoint: services.secretsUrl,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
});
afterAll(async () => {
  client.destroy();
  await services.close();
  directory.remove();
});
beforeEach(() => {
  time = 0;
  keep({ token: 'one' });
});

const keep = (secrets: unknown) => writeFileSync(file, JSON.stringify(secrets));
const reader = (prefix = 'headgate/test/') => secretReader({ prefix, now: () => time, client });

test('reads a secret by the name that wrappers use', async () => {
  expect(await reader()('token')).toBe('one');
});

test('keeps it for five minutes', async () => {
  const read = reader();
  await read('token');
  keep({ token: 'two' });
  time = 5 * 60_000 - 1;
  expect(await read('token')).toBe('one');
  time += 1;
  expect(await read('token')).toBe('two');
});

test('reads it afresh when asked to, and keeps that', async () => {
  const read = reader();
  await read('token');
  keep({ token: 'two' });
  expect(await read('token', { fresh: true })).toBe('two');
  expect(await read('token')).toBe('two');
});

test('reads it once for all who ask at once', async () => {
  let calls = 0;
  client.middlewareStack.add(
    (next) => (call) => {
      calls += 1;
      return next(call);
    },
    { step: 'initialize', name: 'count' },
  );
  const read = reader();
  expect(await Promise.all([read('token'), read('token')])).toEqual(['one', 'one']);
  client.middlewareStack.remove('count');
  expect(calls).toBe(1);
});

describe('a secret that can not be had', () => {
  test.each(['missing', '__proto__', 'toString'])('%s refuses the run by name', async (name) => {
    await expect(reader()(name)).rejects.toMatchObject({
      name: 'RunFailure',
      kind: 'refused',
      message: `Invalid wrapper configuration: secret "${name}" does not exist`,
    });
  });

  test('of another stage does not exist', async () => {
    await expect(reader('headgate/other/')('token')).rejects.toThrow('secret "token" does not exist');
  });

  test('is not remembered as missing', async () => {
    const read = reader();
    await expect(read('late')).rejects.toThrow();
    keep({ late: 'here' });
    expect(await read('late')).toBe('here');
  });

  test('because it is empty refuses the run', async () => {
    keep({ token: '' });
    await expect(reader()('token')).rejects.toThrow('Invalid wrapper configuration: secret "token" is empty');
  });

  test('for the moment may be tried again, and nothing of it is told', async () => {
    writeFileSync(file, '{"token": "canary-1 ');
    const error = await reader()('token').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RetryableError);
    expect(error).toMatchObject({ message: 'secret "token" can not be read: SecretsFileIsNotJson' });
    keep({ token: ['canary-2'] });
    await expect(reader()('token')).rejects.toThrow('secret "token" can not be read: SecretsFileIsNoMapOfTexts');
    expect(`${error} ${(error as Error).cause} ${lines.join()}`).not.toContain('canary');
    expect(lines[0]).toMatch(/^secrets: GetSecretValue: Error: .*secrets\.json can't be read as JSON$/);
  });
});

test('its file is for its owner alone', () => {
  expect(statSync(file).mode & 0o777).toBe(0o600);
});
