import { describe, expect, test } from '@jest/globals';
import { addressPolicy } from '../../../lambdas/platform/http/address-policy.ts';

const vet = (url: string, allowed: string[] = []) => addressPolicy(allowed).vet(new URL(url));

describe('without an allow list', () => {
  test.each([
    'https://example.org/data.csv',
    'https://example.org:8443/',
    'https://8.8.8.8/',
    'https://[2606:4700::1]/',
  ])('allows %s', (url) => {
    expect(() => vet(url)).not.toThrow();
  });

  test.each([
    ['http://example.org/', 'http://example.org is not https'],
    ['ftp://example.org/', 'ftp://example.org is not https'],
    ['file:///proc/self/environ', 'file:// is not https'],
    [
      'https://example.org:9001/',
      'https://example.org:9001 uses a port other than 443 and 8443 (setting allowedPorts)',
    ],
    ['https://user:secret@example.org/', 'https://example.org holds credentials'],
    ['https://127.0.0.1/', 'https://127.0.0.1 is not a public address'],
    ['https://2130706433/', 'https://127.0.0.1 is not a public address'],
    ['https://0x7f.1/', 'https://127.0.0.1 is not a public address'],
    ['https://0177.0.0.1/', 'https://127.0.0.1 is not a public address'],
    ['https://１２７.０.０.１/', 'https://127.0.0.1 is not a public address'],
    ['https://[::ffff:127.0.0.1]/', 'https://[::ffff:7f00:1] is not a public address'],
    ['https://[64:ff9b::7f00:1]/', 'https://[64:ff9b::7f00:1] is not a public address'],
  ])('refuses %s', (url, message) => {
    expect(() => vet(url)).toThrow(
      expect.objectContaining({ name: 'RunFailure', kind: 'refused', message: `Forbidden address: ${message}` }),
    );
  });

  test('says nothing of path and query, which may hold secrets', () => {
    expect(() => vet('http://example.org/hook?token=s3cret')).toThrow(
      /^Forbidden address: http:\/\/example\.org is not https$/,
    );
  });
});

describe('with an allow list', () => {
  test.each([
    ['http://localhost:4001/points', ['localhost']],
    ['http://127.0.0.1:4001/', ['127.0.0.1:4001']],
    ['https://LOCALHOST:1/', ['LocalHost']],
    ['http://[::1]:80/', ['[::1]']],
    ['http://[::1]/', ['[::1]:80']],
    ['https://intern.example.org/', ['intern.example.org:443']],
  ])('allows %s by %j', (url, allowed) => {
    expect(() => vet(url, allowed)).not.toThrow();
  });

  test.each([
    ['http://localhost:4002/', ['localhost:4001']],
    ['http://sub.localhost/', ['localhost']],
    ['http://localhost./', ['localhost']],
    ['ftp://localhost/', ['localhost']],
    ['http://user@localhost/', ['localhost']],
  ])('still refuses %s by %j', (url, allowed) => {
    expect(() => vet(url, allowed)).toThrow('Forbidden address: ');
  });

  test('knows a listed IPv6 host with and without brackets', () => {
    expect(addressPolicy(['[::1]']).isExempt('::1', 80)).toBe(true);
    expect(addressPolicy(['[::1]']).isExempt('[::1]', 80)).toBe(true);
  });
});
