import { expect, test } from '@jest/globals';
import { banner } from '../../local/banner.ts';

const services = { dynamodb: 'D', s3: 'S', sqs: 'Q', stepFunctions: 'F', apiGateway: 'G' };
const stack = {
  apiUrl: 'http://127.0.0.1:4000',
  sinkUrl: 'http://127.0.0.1:4001',
  adminKey: 'hg_key',
  dataDir: '/home/me/project/.headgate',
  feedsMirror: '',
  services,
};
const adapter = (id: string, intervalSeconds: number) => ({ id, intervalSeconds });
const registry = { adapters: [adapter('roads', 300), adapter('storms', 120), adapter('passes', 300)], leftOut: [] };

test('who has started the stack is told which feeds are polled how often', () => {
  expect(banner(stack, registry, '/home/me')).toContain(`
  feeds     live
            every 120 s: storms
            every 300 s: roads, passes
  services `);
});

test('and which are not, and where the others are read from', () => {
  const keyless = { ...registry, adapters: [adapter('roads', 300)], leftOut: ['zones', 'passes'] };
  const told = banner({ ...stack, feedsMirror: 'http://127.0.0.1:9' }, keyless, '/home/me');
  expect(told).toContain(`
  feeds     replayed by http://127.0.0.1:9
            every 300 s: roads
            left out for want of a key (--set adapterSecrets=adapter=secret): zones, passes
  services `);
});

test('paths are shown as seen from where the command was given', () => {
  expect(banner(stack, registry, '/home/me/project')).toContain('data      .headgate\n');
  expect(banner(stack, registry, '/home/you')).toContain('$(cat /home/me/project/.headgate/api-key)');
});
