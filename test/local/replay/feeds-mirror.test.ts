import { expect, test } from '@jest/globals';
import type { Model } from '../../../local/engine/template/model.ts';
import { readingFrom, readsReplay } from '../../../local/replay/feeds-mirror.ts';

const modelWith = (...environments: Record<string, string>[]) =>
  ({
    region: 'us-east-1',
    functions: environments.map((environment) => ({ name: 'fn', environment })),
  }) as unknown as Model;
const environmentsOf = ({ functions }: Model) => functions.map(({ environment }) => environment);

test.each([
  ['http://replay.localhost', true],
  ['', false],
  ['http://127.0.0.1:8080', false],
])('a mirror of %j asks for the replay: %j', (FEEDS_MIRROR, asks) => {
  expect(readsReplay(modelWith({}, { FEEDS_MIRROR }))).toBe(asks);
});

test('those that read feeds are told where the replay is, and may read it, and nobody else is', () => {
  const model = modelWith(
    { FEEDS_MIRROR: 'http://replay.localhost', ALLOWED_HOSTS: '', FEEDS_TABLE: 'feeds' },
    { FEEDS_MIRROR: 'http://replay.localhost', ALLOWED_HOSTS: 'localhost,[::1]' },
    { ALLOWED_HOSTS: '' },
  );
  const there = readingFrom('http://127.0.0.1:4321', model);
  expect(there.region).toBe('us-east-1');
  expect(environmentsOf(there)).toEqual([
    { FEEDS_MIRROR: 'http://127.0.0.1:4321', ALLOWED_HOSTS: '127.0.0.1:4321', FEEDS_TABLE: 'feeds' },
    { FEEDS_MIRROR: 'http://127.0.0.1:4321', ALLOWED_HOSTS: 'localhost,[::1],127.0.0.1:4321' },
    { ALLOWED_HOSTS: '' },
  ]);
});
