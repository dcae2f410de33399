import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { RemoteFile } from '../../../lambdas/domain/file.ts';
import { FileChanged } from '../../../lambdas/domain/file-changed.ts';
import { openFiles } from '../../../lambdas/platform/files/open-files.ts';
import { addressPolicy } from '../../../lambdas/platform/http/address-policy.ts';
import { guardedClient } from '../../../lambdas/platform/http/guarded-client.ts';
import { leapingClock } from '../../support/leaping-clock.ts';
import { webServer } from '../../support/web-server.ts';

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of cleanUp.splice(0)) await close();
});

const signal = () => AbortSignal.timeout(5000);

function fileAt(url: string, clock = leapingClock()): RemoteFile {
  const client = guardedClient(addressPolicy(['127.0.0.1']));
  cleanUp.push(client.close);
  return openFiles({ client, uploads: 'files', readBuckets: [], clock })({ url });
}

async function served(listener: RequestListener, clock = leapingClock()) {
  const requests: IncomingMessage[] = [];
  const server = await webServer((request, response) => {
    requests.push(request);
    listener(request, response);
  });
  cleanUp.push(server.close);
  return { requests, file: fileAt(`${server.url}/file.csv?token=secret`, clock) };
}

async function text(file: RemoteFile, range: { version: string; offset?: number; end?: number }): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of file.read({ offset: 0, ...range }, signal())) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

type Version = { content: string; etag?: string; modified?: string };

/** A server that knows ranges and conditions, as nginx does. */
function answer({ content, etag, modified }: Version, request: IncomingMessage, response: ServerResponse): void {
  const validators = { ...(etag && { etag }), ...(modified && { 'last-modified': modified }) };
  const wanted = request.headers['if-match'];
  if (wanted !== undefined && wanted !== etag) return void response.writeHead(412, validators).end('changed');
  const [, first = '', last = ''] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
  const size = content.length;
  if (Number(first) >= size)
    return void response.writeHead(416, { ...validators, 'content-range': `bytes */${size}` }).end();
  const end = last === '' ? size : Math.min(size, Number(last) + 1);
  response
    .writeHead(206, { ...validators, 'content-range': `bytes ${first}-${end - 1}/${size}` })
    .end(content.slice(Number(first), end));
}

const serving = (version: Version, clock?: ReturnType<typeof leapingClock>) =>
  served((request, response) => answer(version, request, response), clock);

describe('the first look', () => {
  test('tells size and strong ETag, without fetching the file', async () => {
    const { file, requests } = await serving({ content: '0123456789', etag: '"v1"', modified: 'yesterday' });
    expect(await file.stat(signal())).toEqual({ version: '"v1"', size: 10 });
    expect(requests.map(({ method, headers }) => [method, headers.range])).toEqual([['GET', 'bytes=0-0']]);
  });

  test.each<[string, Version, string]>([
    [
      'a weak ETag',
      { content: 'abc', etag: 'W/"v1"', modified: 'Tue, 03 Mar 2026 10:00:00 GMT' },
      'W/"v1", Tue, 03 Mar 2026 10:00:00 GMT, 3 bytes',
    ],
    [
      'Last-Modified',
      { content: 'abc', modified: 'Tue, 03 Mar 2026 10:00:00 GMT' },
      'Tue, 03 Mar 2026 10:00:00 GMT, 3 bytes',
    ],
    ['the size', { content: 'abc' }, '3 bytes'],
  ])('makes do with %s and what else there is', async (_name, served, version) => {
    const { file } = await serving(served);
    expect(await file.stat(signal())).toEqual({ version, size: 3 });
    expect(await text(file, { version, offset: 1 })).toBe('bc');
  });

  test('knows an empty file', async () => {
    const { file } = await serving({ content: '', etag: '"v0"' });
    expect(await file.stat(signal())).toEqual({ version: '"v0"', size: 0 });
    expect(await text(file, { version: '"v0"' })).toBe('');
  });

  test.each([
    [404, 'refused', 'Wrapper file not found'],
    [410, 'refused', 'Wrapper file not found'],
    [401, 'refused', 'Data source connection failed: HTTP 401'],
    [403, 'refused', 'Data source connection failed: HTTP 403'],
    [400, 'failed', 'HTTP 400 from source'],
    [204, 'failed', 'HTTP 204 from source'],
    [304, 'failed', 'HTTP 304 from source'],
  ])('HTTP %d is %s at once: %s', async (status, kind, message) => {
    const { file, requests } = await served((_request, response) => response.writeHead(status).end());
    await expect(file.stat(signal())).rejects.toMatchObject({ name: 'RunFailure', kind, message });
    expect(requests).toHaveLength(1);
  });

  test.each([500, 503, 429, 408])('HTTP %d is tried again for ten seconds, then the run has failed', async (status) => {
    const clock = leapingClock();
    const { file, requests } = await served((_request, response) => response.writeHead(status).end(), clock);
    await expect(file.stat(signal())).rejects.toMatchObject({ kind: 'failed', message: `HTTP ${status} from source` });
    expect(clock.slept).toEqual([500, 1000, 2000, 4000]);
    expect(requests).toHaveLength(5);
  });

  test('waits as long as Retry-After says, if patience allows', async () => {
    const clock = leapingClock();
    const answers = ['3', '60'];
    const { file } = await served((_request, response) => {
      response.writeHead(503, { 'retry-after': answers.shift() ?? '' }).end();
    }, clock);
    await expect(file.stat(signal())).rejects.toMatchObject({ message: 'HTTP 503 from source' });
    expect(clock.slept).toEqual([3000]);
  });

  test('mends itself', async () => {
    let calls = 0;
    const { file } = await served((request, response) => {
      calls += 1;
      if (calls === 1) response.writeHead(502).end();
      else if (calls === 2) request.socket.destroy();
      else answer({ content: 'abc', etag: '"v1"' }, request, response);
    });
    expect(await file.stat(signal())).toEqual({ version: '"v1"', size: 3 });
  });

  test('a refused connection may be tried later', async () => {
    const { url, close } = await webServer(() => undefined);
    await close();
    await expect(fileAt(url).stat(signal())).rejects.toMatchObject({
      name: 'RetryableError',
      message: 'Connection refused',
    });
  });

  test.each([
    ['https://10.0.0.1/', 'Forbidden address: https://10.0.0.1 is not a public address'],
    ['http://example.org/', 'Forbidden address: http://example.org is not https'],
  ])('%s is forbidden', async (url, message) => {
    await expect(fileAt(url).stat(signal())).rejects.toMatchObject({ kind: 'refused', message });
  });

  test('a file without a size, or compressed on the way, is refused with the reason', async () => {
    const chunked = await served((_request, response) => response.writeHead(200).end('abc'));
    await expect(chunked.file.stat(signal())).rejects.toMatchObject({
      kind: 'refused',
      message: 'Data source connection failed: the server does not tell the size of the file',
    });
    const compressed = await served((_request, response) =>
      response.writeHead(200, { 'content-length': '3', 'content-encoding': 'gzip' }).end('abc'),
    );
    await expect(compressed.file.stat(signal())).rejects.toThrow('the server sends the file compressed');
  });

  test('stops at once when the signal fires', async () => {
    const { file } = await served(() => undefined);
    await expect(file.stat(AbortSignal.timeout(50))).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});

describe('reading', () => {
  test('begins at the offset and ends before the end', async () => {
    const { file, requests } = await serving({ content: '0123456789', etag: '"v1"' });
    expect(await text(file, { version: '"v1"', offset: 3, end: 7 })).toBe('3456');
    expect(requests[0]?.headers).toMatchObject({ range: 'bytes=3-6', 'if-match': '"v1"' });
  });

  test('goes to the end of the file when no end is given, even if nothing is left', async () => {
    const { file } = await serving({ content: '0123456789', etag: '"v1"' });
    expect(await text(file, { version: '"v1"', offset: 8 })).toBe('89');
    expect(await text(file, { version: '"v1"', offset: 10 })).toBe('');
  });

  test.each<[string, Version, string]>([
    ['by its ETag', { content: '0123456789', etag: '"v2"' }, '"v1"'],
    ['by its date', { content: '0123456789', modified: 'today' }, 'yesterday, 10 bytes'],
    ['by its size', { content: '0123456789' }, '11 bytes'],
    ['by having become shorter', { content: '01' }, '10 bytes'],
  ])('notices a changed file %s', async (_name, now, version) => {
    const { file } = await serving(now);
    await expect(text(file, { version, offset: 5 })).rejects.toBeInstanceOf(FileChanged);
  });

  test('notices a changed file although the server ignores If-Match', async () => {
    const { file } = await served((request, response) => {
      delete request.headers['if-match'];
      answer({ content: '0123456789', etag: '"v2"' }, request, response);
    });
    await expect(text(file, { version: '"v1"' })).rejects.toBeInstanceOf(FileChanged);
  });

  test('works with a server that ignores ranges, by skipping', async () => {
    const { file } = await served((_request, response) =>
      response.writeHead(200, { etag: '"v1"', 'content-length': '10' }).end('0123456789'),
    );
    expect(await file.stat(signal())).toEqual({ version: '"v1"', size: 10, isSequential: true });
    expect(await text(file, { version: '"v1"', offset: 4, end: 8 })).toBe('4567');
    expect(await text(file, { version: '"v1"', offset: 10 })).toBe('');
  });

  test('notices a changed file on a server that ignores ranges', async () => {
    const { file } = await served((_request, response) =>
      response.writeHead(200, { etag: '"v2"', 'content-length': '10' }).end('0123456789'),
    );
    await expect(text(file, { version: '"v1"', offset: 4 })).rejects.toBeInstanceOf(FileChanged);
  });

  test('does not take another range for the one it asked for', async () => {
    const { file } = await served((_request, response) =>
      response.writeHead(206, { etag: '"v1"', 'content-range': 'bytes 0-9/10' }).end('0123456789'),
    );
    await expect(text(file, { version: '"v1"', offset: 4 })).rejects.toThrow('the server sent another range');
  });

  test('takes a broken connection up again at the byte reached, as often as it gets on', async () => {
    const content = 'x'.repeat(50_000) + 'y'.repeat(50_000);
    const { file, requests } = await served((request, response) => {
      const [, first = ''] = /^bytes=(\d+)-/.exec(request.headers.range ?? '') ?? [];
      const rest = content.slice(Number(first));
      response.writeHead(206, {
        etag: '"v1"',
        'content-range': `bytes ${first}-99999/100000`,
        'content-length': rest.length,
      });
      response.write(rest.slice(0, 10_000), () => setImmediate(() => request.socket.destroy()));
    });
    expect(await text(file, { version: '"v1"', end: 100_000 })).toBe(content);
    expect(requests.length).toBeGreaterThanOrEqual(10);
    const starts = requests.map(({ headers }) => Number(/\d+/.exec(headers.range ?? '')?.[0]));
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
  });

  test('takes a file that ends too early for a broken connection, never for its end', async () => {
    const { file } = await served((_request, response) =>
      response.writeHead(206, { etag: '"v1"', 'content-range': 'bytes 0-9/10' }).end('01234'),
    );
    await expect(text(file, { version: '"v1"', end: 10 })).rejects.toMatchObject({ name: 'RunFailure' });
  });

  test('gives up a source that is lost for good', async () => {
    const clock = leapingClock();
    const { file } = await served((request) => request.socket.destroy(), clock);
    await expect(text(file, { version: '"v1"', end: 10 })).rejects.toMatchObject({ name: 'RetryableError' });
    expect(clock.slept).toEqual([500, 1000, 2000, 4000]);
  });
});
