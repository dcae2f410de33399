import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Sink, startSink } from '../../../local/sink/start-sink.ts';

let sink: Sink;
beforeEach(async () => {
  sink = await startSink();
});
afterEach(() => sink.close());

type Point = { id: string; timestamp: null; data: unknown };
const points = (from: number, to: number): Point[] =>
  Array.from({ length: to - from }, (_, n) => ({ id: `p${from + n}`, timestamp: null, data: { n: from + n } }));

const post = (path: string, body: unknown, headers = {}) =>
  fetch(`${sink.url}${path}`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers,
    signal: AbortSignal.timeout(2000),
  });
const batch = (batch_id: string, data_points: Point[], wrapper_id = 'w-1') =>
  post(
    '/points',
    { wrapper_id, execution_id: 'e', batch_id, phase: null, data_points },
    { 'idempotency-key': batch_id },
  );
const behave = async (behaviour: unknown) => expect((await post('/behaviour', behaviour)).status).toBe(200);
const received = async (query = '') => (await fetch(`${sink.url}/received${query}`)).json();

describe('counting', () => {
  test('tells batches and points, per wrapper and of all', async () => {
    expect(await (await batch('b1', points(0, 3))).json()).toEqual({ accepted: 3 });
    await batch('b2', points(3, 5));
    await batch('b1', points(0, 3), 'w-2');
    const zero = { batches: 0, points: 0, unique_points: 0, duplicate_points: 0, bad_duplicates: 0 };
    expect(await received('?wrapper_id=w-1')).toEqual({ ...zero, batches: 2, points: 5, unique_points: 5 });
    expect(await received('?wrapper_id=w-2')).toEqual({ ...zero, batches: 1, points: 3, unique_points: 3 });
    expect(await received('?wrapper_id=unknown')).toEqual(zero);
    expect(await received()).toEqual({ ...zero, batches: 3, points: 8, unique_points: 8 });
  });

  test('takes a batch again, and counts its points as duplicates that kept their ids', async () => {
    await batch('b1', points(0, 3));
    expect((await batch('b1', points(0, 3))).status).toBe(200);
    await batch('b2', points(2, 4));
    expect(await received()).toEqual({
      batches: 2,
      points: 8,
      unique_points: 4,
      duplicate_points: 4,
      bad_duplicates: 0,
    });
  });

  test('finds points that came again under another id', async () => {
    await batch('b1', points(0, 3));
    const renamed = points(1, 4).map((point) => ({ ...point, id: `new ${point.id}` }));
    await batch('b2', renamed);
    await batch('b3', renamed);
    expect(await received()).toMatchObject({ unique_points: 6, duplicate_points: 3, bad_duplicates: 2 });
  });

  test('does not take equal data at another time for the same point', async () => {
    const measured = (id: string, timestamp: string) => ({ id, timestamp, data: { celsius: 20 } }) as unknown as Point;
    await batch('b1', [measured('a', '2026-03-03T10:00:00Z'), measured('b', '2026-03-03T10:10:00Z')]);
    expect(await received()).toMatchObject({ bad_duplicates: 0 });
  });

  test('refuses a known batch id with other points, which would be lost on an idempotent receiver', async () => {
    await batch('b1', points(0, 3));
    expect((await batch('b1', points(0, 4))).status).toBe(422);
    expect(await received()).toMatchObject({ points: 3 });
  });

  test('forgets one wrapper or all', async () => {
    await batch('b1', points(0, 3), 'w-1');
    await batch('b1', points(0, 3), 'w-2');
    expect((await fetch(`${sink.url}/received?wrapper_id=w-1`, { method: 'DELETE' })).status).toBe(204);
    expect(await received()).toMatchObject({ points: 3 });
    await fetch(`${sink.url}/received`, { method: 'DELETE' });
    expect(await received()).toMatchObject({ points: 0 });
  });
});

describe('bad requests are named', () => {
  test.each<[string, string, unknown, string]>([
    ['no JSON', '/points', '{oops', 'the body is not JSON'],
    ['no batch', '/points', {}, 'wrapper_id: '],
    ['a point without id', '/x', { wrapper_id: 'w', batch_id: 'b', data_points: [{ data: 1 }] }, 'data_points.0.id: '],
    ['an unknown behaviour', '/behaviour', { latency: 1 }, '"latency"'],
    ['a rate above one', '/behaviour', { error_rate: 2, hang_rate: 'x' }, 'error_rate: '],
  ])('%s', async (_name, path, body, message) => {
    const response = await post(path, body);
    expect([response.status, await response.json()]).toEqual([400, { error: expect.stringContaining(message) }]);
  });

  test('an idempotency key that is not the batch id', async () => {
    const response = await post('/', { wrapper_id: 'w', batch_id: 'b', data_points: [] }, { 'idempotency-key': 'c' });
    expect([response.status, await response.json()]).toEqual([400, { error: 'Idempotency-Key is not the batch_id' }]);
  });

  test('an unknown page', async () => {
    expect((await fetch(`${sink.url}/unknown`)).status).toBe(404);
  });
});

describe('misbehaving', () => {
  test('answers errors and stores nothing', async () => {
    await behave({ error_rate: 1, error_status: 429, retry_after: 7 });
    const response = await batch('b1', points(0, 3));
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '7']);
    expect(await received()).toMatchObject({ batches: 0, points: 0 });
  });

  test('answers errors also where every other request gets an answer of its own', async () => {
    await behave({ error_rate: 1, body: 'another' });
    expect((await batch('b1', points(0, 3))).status).toBe(503);
    await behave({ error_rate: 0, body: 'another' });
    expect(await (await batch('b1', points(0, 3))).text()).toBe('another');
    expect(await received()).toMatchObject({ points: 0 });
  });

  test('accepts and drops: the batch is stored, the answer never comes', async () => {
    await behave({ accept_then_drop_rate: 1 });
    await expect(batch('b1', points(0, 3))).rejects.toThrow();
    expect(await received()).toMatchObject({ batches: 1, points: 3 });
  });

  test('takes half and says so; the whole batch may come again', async () => {
    await behave({ partial_rate: 1 });
    const response = await batch('b1', points(0, 5));
    expect([response.status, await response.json()]).toEqual([207, { accepted: 2 }]);
    await behave({});
    await batch('b1', points(0, 5));
    expect(await received()).toEqual({
      batches: 1,
      points: 7,
      unique_points: 5,
      duplicate_points: 2,
      bad_duplicates: 0,
    });
  });

  test('hangs until the sender gives up', async () => {
    await behave({ hang_rate: 1 });
    const attempt = fetch(sink.url, {
      method: 'POST',
      body: JSON.stringify({ wrapper_id: 'w', batch_id: 'b', data_points: points(0, 1) }),
      signal: AbortSignal.timeout(100),
    });
    await expect(attempt).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(await received()).toMatchObject({ points: 0 });
  });

  test('is slow', async () => {
    await behave({ latency_ms: 60 });
    const before = performance.now();
    await batch('b1', points(0, 1));
    expect(performance.now() - before).toBeGreaterThanOrEqual(55);
  });

  test('gives the answer it is told', async () => {
    await behave({ status: 200, body: '<!doctype html>Sign in', content_type: 'text/html' });
    const response = await batch('b1', points(0, 1));
    expect([response.headers.get('content-type'), await response.text()]).toEqual([
      'text/html',
      '<!doctype html>Sign in',
    ]);
    expect(await received()).toMatchObject({ points: 0 });
  });

  test('does the same again with the same seed', async () => {
    const rehearse = async (seed: number) => {
      await behave({ error_rate: 0.5, partial_rate: 0.5, seed });
      const statuses: number[] = [];
      for (let n = 0; n < 24; n += 1) statuses.push((await batch(`s${seed}-${n}`, points(0, 2))).status);
      return statuses.join(' ');
    };
    const [first, again, other] = [await rehearse(7), await rehearse(7), await rehearse(8)];
    expect(again).toBe(first);
    expect(other).not.toBe(first);
    for (const status of ['200', '207', '503']) expect(first).toContain(status);
  });

  test('tells how it is set', async () => {
    await behave({ latency_ms: 5 });
    expect(await (await fetch(`${sink.url}/behaviour`)).json()).toMatchObject({ latency_ms: 5, error_rate: 0 });
  });
});
