import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import { httpDestination } from '../../lambdas/destinations/http.ts';
import { HttpDestinationConfig } from '../../lambdas/destinations/http-config.ts';
import type { HttpPost, PostAnswer } from '../../lambdas/destinations/ports.ts';
import { addressPolicy } from '../../lambdas/platform/http/address-policy.ts';
import { guardedClient } from '../../lambdas/platform/http/guarded-client.ts';
import { httpPost } from '../../lambdas/platform/http/http-post.ts';
import { itBehavesLikeADestination, type Stage } from '../support/destination-contract.ts';
import { memorySecrets } from '../support/memory-secrets.ts';
import { outgoingBatch } from '../support/outgoing-batch.ts';
import { webServer } from '../support/web-server.ts';

const now = Date.parse('2026-03-03T10:35:22Z');
const { secret } = memorySecrets();

type Answer = { status?: number; headers?: { [name: string]: string }; text?: string; complete?: boolean };

const answering =
  (answer: Answer | Extract<PostAnswer, { unanswered: string }>): HttpPost =>
  async () =>
    'unanswered' in answer ? answer : { status: 200, headers: {}, text: '', complete: true, ...answer };

function deliver(
  answer: Parameters<typeof answering>[0],
  config: { url?: string; headers?: { [name: string]: string } } = {},
) {
  const destination = httpDestination(
    { type: 'http', url: 'https://example.org/points', ...config },
    { post: answering(answer), now: () => now, secret },
  );
  return destination.send(outgoingBatch(3), AbortSignal.timeout(1000));
}

itBehavesLikeADestination('http', (stage: Stage) => {
  const arrived: string[] = [];
  const answers: { [S in Stage]: HttpPost } = {
    accepting: answering({}),
    busy: answering({ status: 503 }),
    refusing: answering({ status: 401 }),
    silent: ({ signal }) =>
      new Promise((resolve) =>
        signal.addEventListener('abort', () => resolve({ unanswered: 'no answer in time', mendable: true })),
      ),
  };
  const post: HttpPost = (request) => {
    arrived.push(String(request.body));
    return answers[stage](request);
  };
  return {
    arrived,
    destination: httpDestination({ type: 'http', url: 'https://example.org' }, { post, now: () => now, secret }),
  };
});

describe('what is sent', () => {
  test('is the batch as one JSON document under its idempotency key', async () => {
    const requests: Parameters<HttpPost>[0][] = [];
    const post: HttpPost = async (request) => {
      requests.push(request);
      return { status: 200, headers: {}, text: '', complete: true };
    };
    const config = { type: 'http', url: 'https://example.org/points', headers: { 'X-Token': 'secret' } } as const;
    const batch = outgoingBatch(2, { phase: 'historical' });
    await httpDestination(config, { post, now: () => now, secret }).send(batch, AbortSignal.timeout(1000));
    expect(requests[0]).toMatchObject({
      url: 'https://example.org/points',
      headers: { 'x-token': 'secret', 'content-type': 'application/json', 'idempotency-key': 'b-1' },
      body:
        '{"wrapper_id":"w-1","execution_id":"e-1","batch_id":"b-1","phase":"historical","data_points":[' +
        '{"id":"p0","timestamp":null,"data":{"n":0}},{"id":"p1","timestamp":null,"data":{"n":1}}]}',
    });
  });

  test('is valid JSON without any point', async () => {
    const bodies: string[] = [];
    const post: HttpPost = async ({ body }) => {
      bodies.push(String(body));
      return { status: 200, headers: {}, text: '', complete: true };
    };
    const destination = httpDestination({ type: 'http', url: 'https://example.org' }, { post, now: () => now, secret });
    await destination.send(outgoingBatch(0), AbortSignal.timeout(1000));
    expect(JSON.parse(bodies[0] ?? '')).toMatchObject({ phase: null, data_points: [] });
  });
});

describe('an acknowledgement', () => {
  test.each<[string, Answer]>([
    ['200 without a body', {}],
    ['202', { status: 202 }],
    ['204', { status: 204 }],
    ['JSON without a count', { text: '{"ok":true}' }],
    ['a plain yes', { text: '{"accepted":true}' }],
    ['a full count', { text: '{"accepted":3}' }],
    ['a higher count, of a destination that counts otherwise', { text: '{"accepted":4}' }],
    ['207 with a full count', { status: 207, text: '{"accepted":3}' }],
    ['JSON that is none', { text: '{oops' }],
    ['JSON that is an array', { text: '[1]' }],
    ['plain text', { text: 'accepted: 1', headers: { 'content-type': 'text/plain' } }],
  ])('is %s', async (_name, answer) => {
    expect(await deliver(answer)).toMatchObject({ outcome: 'accepted' });
  });

  test.each<[string, Answer, number]>([
    ['a lower count', { text: ' {"accepted":2}' }, 2],
    ['a count of none', { text: '{"accepted":0}' }, 0],
    ['207 that tells no count', { status: 207 }, 0],
    ['207 with a lower count', { status: 207, text: '{"accepted":1}' }, 1],
    ['a negative count', { text: '{"accepted":-1}' }, 0],
    ['a broken count', { text: '{"accepted":1.5}' }, 0],
    ['a count that is text', { text: '{"accepted":"3"}' }, 0],
    ['a plain no', { text: '{"accepted":false}' }, 0],
    ['no count where there should be one', { text: '{"accepted":null}' }, 0],
  ])('is partial: %s', async (_name, answer, accepted) => {
    expect(await deliver(answer)).toMatchObject({ outcome: 'partial', accepted });
  });

  test.each<[string, Answer]>([
    ['a web page by its type', { text: 'Sign in', headers: { 'content-type': 'text/html; charset=utf-8' } }],
    ['a web page by its look', { text: '\n <!DOCTYPE html><p>Sign in' }],
    ['a web page without doctype', { text: '<HTML><p>Sign in' }],
    ['an answer too large to be read whole', { text: '{"results":[', complete: false }],
  ])('is not %s', async (_name, answer) => {
    expect(await deliver(answer)).toMatchObject({
      outcome: 'refused',
      reason: expect.stringMatching(/^destination refused: /),
    });
  });
});

describe('a failure', () => {
  test.each([408, 409, 425, 429, 500, 502, 503, 504, 599])('%d asks for another try', async (status) => {
    expect(await deliver({ status })).toEqual({ outcome: 'retryable', reason: `destination answered HTTP ${status}` });
  });

  test.each([301, 302, 304, 307, 400, 401, 403, 404, 410, 413, 415, 422])('%d ends the run', async (status) => {
    expect(await deliver({ status })).toEqual({ outcome: 'refused', reason: `destination refused: HTTP ${status}` });
  });

  test.each([
    ['120', 120_000],
    [' 0 ', 0],
    ['Tue, 03 Mar 2026 10:36:22 GMT', 60_000],
    ['Tue, 03 Mar 2026 10:00:00 GMT', 0],
    ['99999999999', 86_400_000],
    ['Fri, 31 Dec 9999 23:59:59 GMT', 86_400_000],
  ])('with Retry-After %j waits %d ms', async (header, retryAfterMs) => {
    expect(await deliver({ status: 429, headers: { 'retry-after': header } })).toMatchObject({ retryAfterMs });
  });

  test.each(['soon', '-5', '1.5', '2026-03-03'])('ignores Retry-After %j', async (header) => {
    expect(await deliver({ status: 503, headers: { 'retry-after': header } })).not.toHaveProperty('retryAfterMs');
  });

  test('without an answer is retried unless it can not mend itself', async () => {
    expect(await deliver({ unanswered: 'Connection reset', mendable: true })).toEqual({
      outcome: 'retryable',
      reason: 'destination did not answer: Connection reset',
    });
    expect(await deliver({ unanswered: 'host name not found', mendable: false })).toMatchObject({ outcome: 'refused' });
  });
});

describe('a message', () => {
  const reason = async (text: string, config?: Parameters<typeof deliver>[1]) => {
    const delivery = await deliver({ status: 401, text }, config);
    return delivery.outcome === 'refused' ? delivery.reason : undefined;
  };

  test('quotes the first 200 printable characters', async () => {
    expect(await reason(`no\u0000t \u001b[31mallowed\r\n${'😀'.repeat(300)}`)).toBe(
      `destination refused: HTTP 401: not [31mallowed ${'😀'.repeat(200 - 'not [31mallowed '.length)}`,
    );
  });

  test('never repeats a credential that the destination echoes', async () => {
    const headers = { authorization: 'Bearer abc"def/123', 'x-token': 'other-secret' };
    const url = 'https://example.org/?key=query+secret';
    const echo =
      'abc"def/123, abc\\"def/123, abc%22def%2F123, Bearer abc"def/123, other-secret, query secret, query%20secret';
    const said = await reason(echo, { headers, url });
    expect(said).toMatch(/^destination refused: HTTP 401: /);
    expect(said).not.toMatch(/abc|other|query/);
  });

  test('keeps nothing of a credential that straddles the cut', async () => {
    expect(await reason(`${'x'.repeat(195)} other-secret`, { headers: { 'x-token': 'other-secret' } })).not.toMatch(
      /oth/,
    );
  });
});

test.each(['Host', 'content-length', 'Idempotency-Key', 'Transfer-Encoding', 'Content-Encoding', 'webhook-id'])(
  'a user can not set %s',
  (name) => {
    const config = { type: 'http', url: 'https://example.org', headers: { [name]: 'x' } };
    expect(HttpDestinationConfig.safeParse(config).error?.issues[0]?.path).toEqual(['headers', name]);
  },
);

describe('over the network', () => {
  const cleanUp: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of cleanUp.splice(0)) await close();
  });

  function destinationAt(url: string, { allowed = ['127.0.0.1'], gzip = false } = {}) {
    const client = guardedClient(addressPolicy(allowed));
    cleanUp.push(client.close);
    return httpDestination({ type: 'http', url, gzip }, { post: httpPost(client), now: () => now, secret });
  }

  test('a batch arrives', async () => {
    const server = await webServer((request, response) => {
      request.resume().on('end', () => response.end(`{"accepted": ${request.headers['content-length']}}`));
    });
    cleanUp.push(server.close);
    const delivery = await destinationAt(server.url).send(outgoingBatch(500), AbortSignal.timeout(5000));
    expect(delivery).toMatchObject({ outcome: 'accepted' });
  });

  test('a compressed batch arrives, and says so', async () => {
    const bodies: Buffer[] = [];
    const server = await webServer((request, response) => {
      request.on('data', (chunk: Buffer) => bodies.push(chunk));
      request.on('end', () => response.end(request.headers['content-encoding']));
    });
    cleanUp.push(server.close);
    const batch = outgoingBatch(500);
    const delivery = await destinationAt(server.url, { gzip: true }).send(batch, AbortSignal.timeout(5000));
    const body = Buffer.concat(bodies);
    expect(delivery).toEqual({ outcome: 'accepted', bytes: body.length });
    expect(JSON.parse(String(gunzipSync(body))).data_points).toHaveLength(500);
    expect(body.length).toBeLessThan(10_000);
  });

  test('an acknowledgement that breaks off is none', async () => {
    const server = await webServer((request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"accep');
      setImmediate(() => request.socket.destroy());
    });
    cleanUp.push(server.close);
    const delivery = await destinationAt(server.url).send(outgoingBatch(), AbortSignal.timeout(5000));
    expect(delivery).toEqual({ outcome: 'retryable', reason: 'destination did not answer: Connection reset' });
  });

  test('a hanging destination ends with the signal', async () => {
    const server = await webServer(() => undefined);
    cleanUp.push(server.close);
    const delivery = await destinationAt(server.url).send(outgoingBatch(), AbortSignal.timeout(50));
    expect(delivery).toEqual({ outcome: 'retryable', reason: 'destination did not answer: no answer in time' });
  });

  test('a forbidden address is refused as such', async () => {
    const sending = destinationAt('https://127.0.0.1/', { allowed: [] }).send(
      outgoingBatch(),
      AbortSignal.timeout(1000),
    );
    await expect(sending).rejects.toThrow('Forbidden address: https://127.0.0.1 is not a public address');
  });
});
