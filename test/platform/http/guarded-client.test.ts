import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import type { LookupFunction } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import { addressPolicy } from '../../../lambdas/platform/http/address-policy.ts';
import { type GuardedClient, guardedClient } from '../../../lambdas/platform/http/guarded-client.ts';
import { limitedClient } from '../../../lambdas/platform/http/limited-client.ts';
import { readText } from '../../../lambdas/platform/http/read-text.ts';
import { type WebServer, webServer } from '../../support/web-server.ts';

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of cleanUp.splice(0)) await close();
});

async function serve(listener: RequestListener, tls?: { key: string; cert: string }): Promise<WebServer> {
  const server = await webServer(listener, tls);
  cleanUp.push(server.close);
  return server;
}

function client(allowedHosts: string[] = ['127.0.0.1'], lookup?: LookupFunction): GuardedClient {
  const made = guardedClient(addressPolicy(allowedHosts), lookup);
  cleanUp.push(made.close);
  return made;
}

const get = (from: GuardedClient, url: string, headers = {}) =>
  from.request({ method: 'GET', url, headers, signal: AbortSignal.timeout(5000) });

/** A name server that answers what it is told, one answer per question. */
function nameServer(...answers: string[][]): LookupFunction & { asked: number } {
  const lookup = (_host: string, _options: unknown, callback: Parameters<LookupFunction>[2]) => {
    const addresses = answers[Math.min(lookup.asked, answers.length - 1)] ?? [];
    lookup.asked += 1;
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  lookup.asked = 0;
  return lookup;
}

describe('an exchange', () => {
  test('brings status, headers and body of an allowed host', async () => {
    const { url } = await serve((_request, response) => response.writeHead(201, { 'x-a': 'b' }).end('hello'));
    const answer = await get(client(), url);
    expect([answer.status, answer.headers['x-a'], await readText(answer, 100)]).toEqual([
      201,
      'b',
      { text: 'hello', complete: true, isUtf8: true },
    ]);
  });

  test('reads no more of a body than it is asked for, counted after decoding', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    const { url } = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
    );
    const answer = await get(client(), url);
    expect(await readText(answer, 1000)).toEqual({ text: '\0'.repeat(1000), complete: false, isUtf8: true });
  });

  test('takes up kept connections instead of opening new ones', async () => {
    const ports = new Set<number | undefined>();
    const { url } = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      response.end('ok');
    });
    const same = client();
    for (let i = 0; i < 10; i += 1) await readText(await get(same, url), 100);
    // Two, because an answer is read a moment before its connection counts as free.
    expect(ports.size).toBeLessThanOrEqual(2);
  });

  test('ends with the reason of the signal, also in the middle of a body', async () => {
    const { url } = await serve((_request, response) => response.writeHead(200).write('begin'));
    const abort = new AbortController();
    const answer = await client().request({ method: 'GET', url, signal: abort.signal });
    const reading = readText(answer, 100);
    abort.abort(new Error('out of time'));
    await expect(reading).rejects.toThrow('out of time');
  });
});

describe('what goes wrong has a name', () => {
  test('nobody listens', async () => {
    const { url, close } = await webServer(() => undefined);
    await close();
    await expect(get(client(), url)).rejects.toMatchObject({
      trouble: 'refused',
      mendable: true,
      message: 'Connection refused',
    });
  });

  test('the connection is cut before the answer', async () => {
    const { url } = await serve((request) => request.socket.destroy());
    await expect(get(client(), url)).rejects.toMatchObject({ trouble: 'reset', mendable: true });
  });

  test('the connection is cut in the middle of the body', async () => {
    const { url } = await serve((request, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('half');
      setImmediate(() => request.socket.destroy());
    });
    await expect(get(client(), url).then((answer) => readText(answer, 5000))).rejects.toMatchObject({
      trouble: 'reset',
    });
  });

  test('the certificate is not to be trusted', async () => {
    const read = (name: string) =>
      readFileSync(new URL(`../../support/tls/self-signed-${name}.pem`, import.meta.url), 'utf8');
    const { url } = await serve((_request, response) => response.end('secret'), {
      key: read('key'),
      cert: read('cert'),
    });
    await expect(get(client(), url)).rejects.toMatchObject({ trouble: 'certificate', mendable: false });
  });

  test('the name does not exist', async () => {
    const lookup: LookupFunction = (_host, _options, callback) =>
      callback(Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND', hostname: 'no.example' }), []);
    await expect(get(client([], lookup), 'https://no.example/')).rejects.toMatchObject({
      trouble: 'unresolved',
      mendable: false,
      message: 'host name not found: no.example',
    });
  });

  test('headers are too large', async () => {
    const { url } = await serve((_request, response) => response.writeHead(200, { 'x-big': 'x'.repeat(40_000) }).end());
    await expect(get(client(), url)).rejects.toMatchObject({ trouble: 'protocol', mendable: false });
  });

  test.each(['rot13', 'constructor'])('the encoding is unknown: %s', async (encoding) => {
    const { url } = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end('x'),
    );
    await expect(get(client(), url).then((answer) => readText(answer, 10))).rejects.toMatchObject({
      trouble: 'protocol',
    });
  });
});

describe('the address guard', () => {
  test('does not connect to a literal private address, which no lookup hook sees', async () => {
    let reached = 0;
    const { port } = await serve((_request, response) => response.end(String(reached++)));
    for (const host of ['127.0.0.1', '[::ffff:127.0.0.1]', '0.0.0.0', '[::1]', 'localhost', '127.1', '2130706433']) {
      await expect(get(client([]), `https://${host}:${port}/`)).rejects.toThrow(/^Forbidden address: /);
    }
    expect(reached).toBe(0);
  });

  test('refuses a name that leads inside', async () => {
    const from = client([], nameServer(['127.0.0.1', '10.0.0.1', '::1']));
    await expect(get(from, 'https://inside.example/')).rejects.toThrow(
      'Forbidden address: inside.example has no public address',
    );
  });

  test('asks for the address again at every connect', async () => {
    const names = nameServer(['127.0.0.1']);
    const from = client([], names);
    for (const _attempt of [1, 2]) {
      await expect(get(from, 'https://inside.example/')).rejects.toThrow('Forbidden address: inside.example');
    }
    expect(names.asked).toBe(2);
  });
});

describe('redirects', () => {
  test('are followed at most three times', async () => {
    const { url } = await serve((request, response) => {
      const left = Number(request.url?.slice(1));
      if (left === 0) response.end('arrived');
      else response.writeHead(302, { location: `/${left - 1}` }).end();
    });
    expect(await readText(await get(client(), `${url}/3`), 100)).toMatchObject({ text: 'arrived' });
    await expect(get(client(), `${url}/4`)).rejects.toMatchObject({ trouble: 'redirects' });
  });

  test('count as requests where there is a limit', async () => {
    let asked = 0;
    const { url } = await serve((request, response) => {
      asked++;
      if (request.url === '/2') response.end('arrived');
      else response.writeHead(302, { location: `/${Number(request.url?.slice(1)) + 1}` }).end();
    });
    const limited = limitedClient(client(), 5);
    expect(await readText(await get(limited, `${url}/0`), 100)).toMatchObject({ text: 'arrived' });
    await expect(get(limited, `${url}/0`)).rejects.toThrow("it can't be found out with 5 requests");
    expect(asked).toBe(5);
  });

  test('are checked like any address', async () => {
    const { url } = await serve((_request, response) =>
      response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end(),
    );
    await expect(get(client(), url)).rejects.toThrow('Forbidden address: http://169.254.169.254 is not https');
  });

  test('do not carry credentials to another origin', async () => {
    const seen: unknown[] = [];
    const other = await serve((request, response) => {
      seen.push(request.headers['x-token'], request.headers.authorization, request.headers.range);
      response.end();
    });
    const { url } = await serve((_request, response) => response.writeHead(307, { location: other.url }).end());
    await get(client(), url, { 'x-token': 'secret', authorization: 'Bearer secret', range: 'bytes=5-' });
    expect(seen).toEqual([undefined, undefined, 'bytes=5-']);
  });

  test('are answers, not followed, after a POST', async () => {
    const { url } = await serve((_request, response) => response.writeHead(307, { location: '/elsewhere' }).end());
    const answer = await client().request({ method: 'POST', url, body: '{}', signal: AbortSignal.timeout(5000) });
    expect(answer.status).toBe(307);
  });
});
