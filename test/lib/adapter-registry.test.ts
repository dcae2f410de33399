import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import { readAdapterRegistry } from '../../lib/polling/adapter-registry.ts';
import { readSettings } from '../../lib/settings.ts';

const directory = mkdtempSync(join(tmpdir(), 'headgate-registry-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const adapter = { id: 'us-quakes', intervalSeconds: 60, deadlineSeconds: 45, needsSecret: false };
const keyed = { ...adapter, id: 'wa-passes', needsSecret: true };
let modules = 0;

function moduleWith(code: string): string {
  modules += 1;
  const file = join(directory, `registry-${modules}.mjs`);
  writeFileSync(file, code);
  return file;
}

const read = (adapters: readonly object[], adapterSecrets: string[] = []) =>
  readAdapterRegistry({ adapters: moduleWith(`export const adapters = ${JSON.stringify(adapters)};`), adapterSecrets });

test('adapters that need a key are left out until the settings name one', async () => {
  expect(await read([keyed, adapter])).toEqual({ leftOut: ['wa-passes'] });
  expect(await read([keyed, adapter], ['wa-passes=wsdot'])).toEqual({ leftOut: [] });
});

test.each(['dev', 'prod', 'local'])('the registry of stage %s is a good one', async (stage) => {
  const settings = readSettings(new App({ context: { stage } }).node);
  await expect(readAdapterRegistry(settings)).resolves.toBeDefined();
});

describe('is refused, and named, ', () => {
  test('a module that is not there', async () => {
    const missing = { adapters: 'lambdas/adapters/registri.ts', adapterSecrets: [] };
    await expect(readAdapterRegistry(missing)).rejects.toThrow(
      /adapters: lambdas.adapters.registri.ts can't be loaded/,
    );
  });

  test('a module that fails', async () => {
    const failing = { adapters: moduleWith('throw new Error("no such feed");'), adapterSecrets: [] };
    await expect(readAdapterRegistry(failing)).rejects.toThrow('no such feed');
  });

  test('a module without adapters', async () => {
    const other = { adapters: moduleWith('export const feeds = [];'), adapterSecrets: [] };
    await expect(readAdapterRegistry(other)).rejects.toThrow(/adapters: .*registry.*\n.*adapters/s);
  });

  test.each([
    ['an id twice', [adapter, adapter], 'an id is there twice'],
    ['an id that is not in kebab case', [{ ...adapter, id: 'US quakes' }], 'kebab case'],
    ['polls that could overlap', [{ ...adapter, deadlineSeconds: 46 }], 'at least 15 less than intervalSeconds'],
    ['a poll longer than a call', [{ ...adapter, intervalSeconds: 600, deadlineSeconds: 136 }], 'deadlineSeconds'],
    ['more than a poll a minute', [{ ...adapter, intervalSeconds: 59, deadlineSeconds: 10 }], 'intervalSeconds'],
  ])('%s', async (_, adapters, message) => {
    await expect(read(adapters)).rejects.toThrow(message);
  });

  test.each(['wa-pases', 'us-quakes'])('a key for %s, which is not there or needs none', async (id) => {
    await expect(read([keyed, adapter], [`${id}=wsdot`])).rejects.toThrow(
      `adapterSecrets: no adapter ${id} needs a key`,
    );
  });
});
