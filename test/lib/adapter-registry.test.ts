import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import { readAdapterRegistry } from '../../lib/polling/adapter-registry.ts';
import { readSettings, SettingsError } from '../../lib/settings.ts';

const directory = mkdtempSync(join(tmpdir(), 'headgate-registry-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const adapter = {
  id: 'us-quakes',
  jurisdiction: 'US',
  feedType: 'earthquakes',
  intervalSeconds: 60,
  deadlineSeconds: 45,
  maxFeedAgeSeconds: 1800,
  mayBeEmpty: false,
  needsSecret: false,
};
const keyed = { ...adapter, id: 'wa-passes', needsSecret: true };
let modules = 0;

function moduleWith(code: string): string {
  modules += 1;
  const file = join(directory, `registry-${modules}.mjs`);
  writeFileSync(file, code);
  return file;
}

/** A module with these adapters, each able to read, and with its name. */
function registryOf(adapters: readonly object[]): string {
  const methods = '{ parts: () => [], parse: () => ({ records: [], publishedAt: null }) }';
  return moduleWith(
    `export const adapters = ${JSON.stringify(adapters)}.map((adapter) => ({ ...${methods}, ...adapter }));`,
  );
}

const read = (adapters: readonly object[], adapterSecrets: string[] = []) =>
  readAdapterRegistry({ adapters: registryOf(adapters), adapterSecrets });

test('adapters that need a key are left out until the settings name one', async () => {
  const quakes = expect.objectContaining({ id: 'us-quakes', intervalSeconds: 60 });
  const passes = expect.objectContaining({ id: 'wa-passes' });
  expect(await read([keyed, adapter])).toEqual({ adapters: [quakes], leftOut: ['wa-passes'] });
  expect(await read([keyed, adapter], ['wa-passes=wsdot'])).toEqual({ adapters: [passes, quakes], leftOut: [] });
});

test.each(['dev', 'prod', 'local'])('the registry of stage %s is a good one', async (stage) => {
  const settings = readSettings(new App({ context: { stage } }).node);
  await expect(readAdapterRegistry(settings)).resolves.toBeDefined();
});

describe('is refused in one line, and named, ', () => {
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

  test.each([
    ['a module without adapters', 'export const feeds = [];', 'exports no list named "adapters"'],
    ['a module of one adapter', 'export const adapters = {};', 'exports no list named "adapters"'],
    ['a module of no adapters', 'export const adapters = [];', 'exports an empty list of adapters'],
  ])('%s', async (_, code, why) => {
    const file = moduleWith(code);
    const told = new SettingsError(`adapters: ${file}: ${why}`);
    await expect(readAdapterRegistry({ adapters: file, adapterSecrets: [] })).rejects.toEqual(told);
  });

  test.each([
    ['an id twice', [adapter, keyed, adapter], 'more than one adapter "us-quakes"'],
    ['an id not in kebab case', [{ ...adapter, id: 'US quakes' }], 'adapter "US quakes": id must be in kebab case'],
    ['no id', [adapter, { ...adapter, id: undefined }], 'adapter number 2: id is missing'],
    [
      'polls that could overlap',
      [{ ...adapter, deadlineSeconds: 46 }],
      'adapter "us-quakes": deadlineSeconds must be at least 15 less than intervalSeconds',
    ],
    [
      'a poll longer than a call',
      [{ ...adapter, intervalSeconds: 600, deadlineSeconds: 136 }],
      'adapter "us-quakes": deadlineSeconds must be at most 135',
    ],
    [
      'more than a poll a minute',
      [{ ...adapter, intervalSeconds: 59, deadlineSeconds: 10 }],
      'adapter "us-quakes": intervalSeconds must be at least 60',
    ],
    [
      'adapters that can not read',
      [
        { ...adapter, parse: null },
        { ...keyed, parts: [], mayBeEmpty: undefined },
      ],
      'adapter "us-quakes": parse must be a function; adapter "wa-passes": mayBeEmpty is missing; adapter "wa-passes": parts must be a function',
    ],
  ])('%s', async (_, adapters, why) => {
    const file = registryOf(adapters);
    const told = new SettingsError(`adapters: ${file}: ${why}`);
    await expect(readAdapterRegistry({ adapters: file, adapterSecrets: [] })).rejects.toEqual(told);
  });

  test.each(['wa-pases', 'us-quakes'])('a key for %s, which is not there or needs none', async (id) => {
    await expect(read([keyed, adapter], [`${id}=wsdot`])).rejects.toThrow(
      `adapterSecrets: no adapter ${id} needs a key`,
    );
  });
});
