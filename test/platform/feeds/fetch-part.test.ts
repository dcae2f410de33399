import type { RequestListener } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { FeedRequest } from '../../../lambdas/domain/feeds/fetch-part.ts';
import { fetchPart } from '../../../lambdas/platform/feeds/fetch-part.ts';
import { addressPolicy } from '../../../lambdas/platform/http/address-policy.ts';
import { guardedClient } from '../../../lambdas/platform/http/guarded-client.ts';
import { MORNING } from '../../support/manual-clock.ts';
import { webServer } from '../../support/web-server.ts';

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of cleanUp.splice(0).toReversed()) await close();
});

/** Fetches from a server that answers so; `mirror` has it play any host. */
async function fetching(listener: RequestListener, { mirror = false, allowed = ['127.0.0.1'] } = {}) {
  const server = await webServer(listener);
  const client = guardedClient(addressPolicy(allowed));
  cleanUp.push(server.close, client.close);
  const fetch = fetchPart({ client, mirror: mirror ? server.url : '', now: () => MORNING });
  return (request: Partial<FeedRequest> = {}) => {
    const url = `${server.url}/feed?key=s3cret`;
    return fetch({ url, headers: {}, maxBytes: 1000, signal: AbortSignal.timeout(5000), ...request });
  };
}

describe('a part', () => {
  test('comes as its bytes, with what tells its version', async () => {
    const fetch = await fetching((_request, response) =>
      response.writeHead(200, { etag: '"1"', 'last-modified': 'yesterday' }).end(Buffer.from([0xff, 0x00])),
    );
    expect(await fetch()).toEqual({
      kind: 'body',
      body: Buffer.from([0xff, 0x00]),
      etag: '"1"',
      lastModified: 'yesterday',
    });
  });

  test('is asked for under the condition that it has changed, and with its own headers', async () => {
    const seen: unknown[] = [];
    const fetch = await fetching((request, response) => {
      const { 'if-none-match': etag, 'if-modified-since': since, 'user-agent': agent } = request.headers;
      seen.push([etag, since, agent]);
      response.writeHead(etag === undefined ? 200 : 304).end();
    });
    expect(await fetch({ headers: { 'user-agent': 'me' } })).toMatchObject({ kind: 'body' });
    expect(await fetch({ etag: '"1"', lastModified: 'yesterday' })).toEqual({ kind: 'unchanged' });
    expect(seen).toEqual([
      [undefined, undefined, 'me'],
      ['"1"', 'yesterday', 'headgate'],
    ]);
  });

  test('is counted after decoding', async () => {
    const fetch = await fetching((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(1001))),
    );
    expect(await fetch({ maxBytes: 1001 })).toMatchObject({ kind: 'body' });
    await expect(fetch()).rejects.toMatchObject({
      outcome: 'upstream_too_large',
      code: 'UPSTREAM_TOO_LARGE',
      message: 'more than 1000 bytes from upstream',
    });
  });

  test('is read from the mirror, where there is one', async () => {
    const paths: (string | undefined)[] = [];
    const fetch = await fetching(
      (request, response) => {
        paths.push(request.url);
        response.end('{}');
      },
      { mirror: true },
    );
    await fetch({ url: 'https://feeds.test:8443/a/b?c=d' });
    expect(paths).toEqual(['/feeds.test:8443/a/b?c=d']);
  });
});

describe('an upstream', () => {
  const answers: readonly (readonly [string, RequestListener, object])[] = [
    [
      'that is out of order',
      (_request, response) => response.writeHead(503).end('key=s3cret'),
      { outcome: 'upstream_http_failure', code: 'UPSTREAM_HTTP_503', message: 'HTTP 503 from upstream', retryAt: null },
    ],
    [
      'that asks for patience',
      (_request, response) => response.writeHead(429, { 'retry-after': '90' }).end(),
      { code: 'UPSTREAM_HTTP_429', retryAt: MORNING + 90_000 },
    ],
    [
      'that has nothing to say',
      (_request, response) => response.writeHead(204).end(),
      { outcome: 'upstream_http_failure', code: 'UPSTREAM_HTTP_204' },
    ],
    [
      'that hangs up',
      (request) => request.socket.destroy(),
      { outcome: 'upstream_network_failure', code: 'UPSTREAM_NETWORK', message: 'Connection reset' },
    ],
    [
      'that breaks off',
      (_request, response) => {
        response.writeHead(200, { 'content-length': '100' }).write('half');
        setImmediate(() => response.destroy());
      },
      { outcome: 'upstream_network_failure', code: 'UPSTREAM_NETWORK' },
    ],
    [
      'that leads somewhere forbidden',
      (_request, response) => response.writeHead(302, { location: 'https://10.0.0.1/?key=s3cret' }).end(),
      {
        outcome: 'upstream_network_failure',
        message: 'Forbidden address: https://10.0.0.1 is not a public address',
      },
    ],
  ];

  test.each(answers)('%s is at fault, and no message says more than that', async (_name, listener, fault) => {
    const fetch = await fetching(listener);
    const error = await fetch().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'UpstreamFault', ...fault });
    expect(String(error)).not.toContain('s3cret');
  });

  test('that trickles is cut off with the signal', async () => {
    const signal = new AbortController();
    const fetch = await fetching((_request, response) => {
      response.writeHead(200).write('.');
      setImmediate(() => signal.abort(new Error('out of time')));
    });
    await expect(fetch({ signal: signal.signal })).rejects.toThrow('out of time');
  });
});
