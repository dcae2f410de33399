import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { addressPolicy } from '../../../lambdas/platform/http/address-policy.ts';
import { guardedConnector, publicLookup } from '../../../lambdas/platform/http/guarded-connector.ts';
import { webServer } from '../../support/web-server.ts';

type Found = { error: Error | null; found: string | LookupAddress[] };

/** A name server that gives these addresses, one list per question. */
function names(...answers: string[][]): LookupFunction {
  return (_host, _options, callback) => {
    const addresses = answers.shift() ?? [];
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
}

const ask = (lookup: LookupFunction, all = true): Promise<Found> =>
  new Promise((resolve) => lookup('name.example', { all }, (error, found) => resolve({ error, found })));

describe('the lookup', () => {
  test('hands out public addresses and holds back all others', async () => {
    const lookup = publicLookup(names(['127.0.0.1', '8.8.8.8', '::1', '2606:4700::1111', '10.1.2.3']));
    expect((await ask(lookup)).found).toEqual([
      { address: '8.8.8.8', family: 4 },
      { address: '2606:4700::1111', family: 6 },
    ]);
  });

  test('holds back also where a single address is asked for', async () => {
    expect((await ask(publicLookup(names(['169.254.169.254', '8.8.8.8'])), false)).found).toBe('8.8.8.8');
  });

  test('catches a name that was public before and leads inside now', async () => {
    const lookup = publicLookup(names(['8.8.8.8'], ['127.0.0.1']));
    expect((await ask(lookup)).error).toBeNull();
    expect((await ask(lookup)).error).toMatchObject({
      message: 'Forbidden address: name.example has no public address',
    });
  });
});

describe('the connector', () => {
  const target = (hostname: string, port: number) => ({ hostname, protocol: 'http:', port: String(port) });
  const connect = (allowed: string[], hostname: string, port: number): Promise<'connected' | string> =>
    new Promise((resolve) => {
      const connector = guardedConnector(addressPolicy(allowed), 1000);
      connector(target(hostname, port), (...[error, socket]) => {
        socket?.destroy();
        resolve(error?.message ?? 'connected');
      });
    });

  test.each(['127.0.0.1', '::1', '::ffff:127.0.0.1', '0.0.0.0', 'localhost'])(
    'itself refuses %s, whoever let it through before',
    async (hostname) => {
      const server = await webServer(() => undefined);
      expect(await connect([], hostname, server.port)).toMatch(/^Forbidden address: /);
      await server.close();
    },
  );

  test('lets listed hosts through, by their port if one is given', async () => {
    const server = await webServer(() => undefined);
    expect(await connect(['127.0.0.1'], '127.0.0.1', server.port)).toBe('connected');
    expect(await connect([`127.0.0.1:${server.port}`], '127.0.0.1', server.port)).toBe('connected');
    expect(await connect([`127.0.0.1:${server.port + 1}`], '127.0.0.1', server.port)).toMatch(/^Forbidden address: /);
    await server.close();
  });
});
