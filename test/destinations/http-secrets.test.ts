import { describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { httpDestination } from '../../lambdas/destinations/http.ts';
import type { HttpDestinationConfig } from '../../lambdas/destinations/http-config.ts';
import type { HttpPost } from '../../lambdas/destinations/ports.ts';
import { RetryableError } from '../../lambdas/domain/errors.ts';
import { memorySecrets } from '../support/memory-secrets.ts';
import { outgoingBatch } from '../support/outgoing-batch.ts';

const now = () => Date.now();
const url = 'https://example.org/points';
const inTime = () => AbortSignal.timeout(1000);

type Request = Parameters<HttpPost>[0];

/** Answers with these, one each; the last of them from then on. */
function receiver(...answers: { status?: number; text?: string }[]) {
  const requests: Request[] = [];
  const post: HttpPost = async (request) => {
    const answer = answers[Math.min(requests.length, answers.length - 1)];
    requests.push(request);
    return { status: 200, headers: {}, text: '', complete: true, ...answer };
  };
  return { requests, post };
}

function send(config: Partial<HttpDestinationConfig>, values: Parameters<typeof memorySecrets>[0], post: HttpPost) {
  const secrets = memorySecrets(values);
  const destination = httpDestination({ type: 'http', url, ...config }, { post, now, secret: secrets.secret });
  return { delivered: destination.send(outgoingBatch(), inTime()), readings: secrets.readings };
}

describe('a header that is a secret', () => {
  const config = { headers: { Authorization: { secret: 'token' }, 'X-Plain': 'plain' } };

  test('is sent with its value', async () => {
    const { requests, post } = receiver({});
    await send(config, { token: 'Bearer abc' }, post).delivered;
    expect(requests[0]?.headers).toMatchObject({ authorization: 'Bearer abc', 'x-plain': 'plain' });
  });

  test('is read afresh once, when the destination answers 401', async () => {
    const { requests, post } = receiver({ status: 401 }, {});
    const { delivered, readings } = send(config, { token: ['Bearer old', 'Bearer new'] }, post);
    expect(await delivered).toMatchObject({ outcome: 'accepted' });
    expect(readings).toEqual(['token', 'token fresh']);
    expect(requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer old', 'Bearer new']);
  });

  test('ends the run when the fresh one is refused too', async () => {
    const { requests, post } = receiver({ status: 401 });
    expect(await send(config, { token: 'Bearer abc' }, post).delivered).toMatchObject({ outcome: 'refused' });
    expect(requests).toHaveLength(2);
  });

  test('is not read again for a destination that uses none', async () => {
    const { requests, post } = receiver({ status: 401 });
    await send({ headers: { 'X-Plain': 'plain' } }, {}, post).delivered;
    expect(requests).toHaveLength(1);
  });

  test.each([403, 500])('is not read again after %d', async (status) => {
    const { requests, post } = receiver({ status });
    await send(config, { token: 'Bearer abc' }, post).delivered;
    expect(requests).toHaveLength(1);
  });

  test('is never repeated in a message, neither the old one nor the fresh one', async () => {
    const { post } = receiver({ status: 401, text: 'no: Bearer canary-old' }, { status: 401, text: 'no: canary-new' });
    const delivered = await send(config, { token: ['Bearer canary-old', 'Bearer canary-new'] }, post).delivered;
    expect(delivered).toEqual({ outcome: 'refused', reason: 'destination refused: HTTP 401: no: [redacted]' });
  });

  test.each(['two\nlines', 'trailing\n', 'grün'])('is refused as %j, without showing it', async (value) => {
    const { requests, post } = receiver({});
    await expect(send(config, { token: value }, post).delivered).rejects.toThrow(
      'Invalid wrapper configuration: secret "token" can not be sent as a header: it holds a line break or characters beyond ASCII',
    );
    expect(requests).toEqual([]);
  });

  test('that does not exist refuses the run', async () => {
    await expect(send(config, {}, receiver({}).post).delivered).rejects.toMatchObject({ kind: 'refused' });
  });

  test('that can not be read at the moment asks for another try', async () => {
    const secret = async () => {
      throw new RetryableError('secret "token" can not be read: TimeoutError');
    };
    const destination = httpDestination({ type: 'http', url, ...config }, { post: receiver({}).post, now, secret });
    expect(await destination.send(outgoingBatch(), inTime())).toEqual({
      outcome: 'retryable',
      reason: 'destination can not be called: secret "token" can not be read: TimeoutError',
    });
  });
});

describe('a signature', () => {
  const config = { signing_secret: { secret: 'key' } };
  const encoded = `whsec_${Buffer.from('0123456789abcdef01234567').toString('base64')}`;

  test.each([
    ['whsec_ and base64', encoded, new Webhook(encoded)],
    ['plain text', 'a plain secret', new Webhook('a plain secret', { format: 'raw' })],
  ])('made with a key given as %s is what the reference library verifies', async (_name, key, webhook) => {
    const { requests, post } = receiver({});
    await send(config, { key }, post).delivered;
    const [request] = requests;
    expect(request?.headers['webhook-id']).toBe('b-1');
    expect(webhook.verify(String(request?.body), { ...request?.headers })).toMatchObject({ batch_id: 'b-1' });
    expect(() => webhook.verify(`${request?.body} `, { ...request?.headers })).toThrow();
  });

  test('is made with the key as it is now, when the destination answers 401', async () => {
    const { requests, post } = receiver({ status: 401 }, {});
    const { delivered, readings } = send(config, { key: ['a plain secret', encoded] }, post);
    expect(await delivered).toMatchObject({ outcome: 'accepted' });
    expect(readings).toEqual(['key', 'key fresh']);
    new Webhook(encoded).verify(String(requests[1]?.body), { ...requests[1]?.headers });
  });

  test('is made over what is read after decompression', async () => {
    const { requests, post } = receiver({});
    await send(config, { key: encoded }, post).delivered;
    await send({ ...config, gzip: true }, { key: encoded }, async (request) => {
      new Webhook(encoded).verify(String(requests[0]?.body), { ...request.headers });
      return post(request);
    }).delivered;
    expect(requests[1]?.body).toBeInstanceOf(Uint8Array);
  });

  test('names its second, not its millisecond', async () => {
    const { requests, post } = receiver({});
    const { secret } = memorySecrets({ key: encoded });
    const at = Date.parse('2026-03-03T10:35:22.999Z');
    const destination = httpDestination({ type: 'http', url, ...config }, { post, now: () => at, secret });
    await destination.send(outgoingBatch(), inTime());
    expect(requests[0]?.headers['webhook-timestamp']).toBe(String(Date.parse('2026-03-03T10:35:22Z') / 1000));
  });

  test.each(['whsec_', 'whsec_not base64', 'whsec_abc'])('with the key %j is refused', async (key) => {
    await expect(send(config, { key }, receiver({}).post).delivered).rejects.toThrow(
      'Invalid wrapper configuration: secret "key" is no signing key: whsec_ must be followed by base64',
    );
  });

  test('never lets its key into a message', async () => {
    const { post } = receiver({ status: 400, text: `bad key ${encoded} ${encoded.slice(6)}` });
    const delivered = await send(config, { key: encoded }, post).delivered;
    expect(delivered).toMatchObject({ reason: 'destination refused: HTTP 400: bad key [redacted] [redacted]' });
  });
});
