import { expect, test } from '@jest/globals';
import { adapters } from '../../lambdas/adapters/registry.ts';
import { registeredAdapters } from '../../lambdas/domain/feeds/registered-adapters.ts';
import { settingsOf } from '../../lib/settings.ts';
import { stageSettings } from '../../local/stage-settings.ts';

const plain = { settings: {}, live: false, loopback: true };

test('no adapter that comes along is left out of the replay', () => {
  const { adapterSecrets, feedsMirror } = settingsOf({ stage: 'local', ...stageSettings(plain) });
  expect(registeredAdapters(adapters, adapterSecrets).leftOut).toEqual([]);
  expect(feedsMirror).toBe('http://replay.localhost');
});

test('feeds themselves are read without made-up keys, whatever mirror was named', () => {
  const settings = { feedsMirror: 'http://127.0.0.1:9' };
  expect(stageSettings({ ...plain, settings, live: true })).toEqual({ feedsMirror: '' });
});

test.each([
  ['adapters', 'mine.ts'],
  ['feedsMirror', 'http://127.0.0.1:9'],
  ['adapterSecrets', ''],
])('who sets %s gets no made-up keys', (name, value) => {
  const settings = { [name]: value };
  expect(stageSettings({ ...plain, settings })).toEqual(settings);
});

test('without loopback no host on this machine is allowed', () => {
  expect(stageSettings({ ...plain, loopback: false })).toMatchObject({ allowedHosts: '' });
});
