import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { useStack } from './support/use-stack.ts';
import { wrappersApi } from './support/wrappers-api.ts';

// A burst that these tests outrun, and no other does.
const at = useStack({ args: ['--set', 'requestsPerSecond=1', '--set', 'requestBurst=30'] });
const list = '/resources/wrappers';

async function ask(headers: Record<string, string>, method = 'GET', url = list) {
  const response = await fetch(`${at.stack.apiUrl}${url}`, { method, headers });
  return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) };
}

/** With the command of the project, as its operator would. */
async function keysCommand(...args: string[]): Promise<string> {
  const script = path.join(import.meta.dirname, '..', '..', 'bin', 'keys.ts');
  const local = ['--local', '--data', at.stack.dataDir];
  return (await promisify(execFile)(process.execPath, [script, ...args, ...local])).stdout.trim();
}

describe('Access: 401', () => {
  const unauthorized = 'Unauthorized - API key required.';
  test.each([
    ['no key', () => ({})],
    ['an empty key', () => ({ Authorization: 'Bearer ' })],
    ['a malformed key', () => ({ Authorization: 'Bearer nonsense' })],
    ['an unknown key', () => ({ Authorization: `Bearer hg_${'a'.repeat(24)}_${'b'.repeat(43)}` })],
    ['a known key with another secret', () => ({ Authorization: `Bearer ${at.stack.key.slice(0, -1)}~` })],
    ['another scheme', () => ({ Authorization: `Basic ${at.stack.key}` })],
    ['another prefix', () => ({ Authorization: `bearer ${at.stack.key}` })],
    ['the key alone', () => ({ Authorization: at.stack.key })],
  ])('Access: %s is 401', async (_, headers) => {
    const answer = await ask(headers());
    expect(answer.status).toBe(401);
    expect(answer.body).toEqual({ error: unauthorized, detail: unauthorized, code: 401 });
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  test('Access: x-api-key is accepted too', async () => {
    expect((await ask({ 'x-api-key': at.stack.key })).status).toBe(200);
    expect((await ask({ Authorization: `Bearer ${at.stack.key}` })).status).toBe(200);
  });
});

describe('Access: 403', () => {
  test("Access: a valid key without the scope of a route is 403, in the family's own envelope", async () => {
    const key = await keysCommand('create', '--name', 'reader', '--role', 'read');
    const reader = wrappersApi({ ...at.stack, key });
    expect((await reader.call('GET', list)).status).toBe(200);
    const created = await reader.call('POST', list, {});
    expect(created.status).toBe(403);
    expect(created.body).toEqual({
      detail: expect.stringMatching(/^Forbidden - Insufficient permissions\..*wrappers:write/),
    });
    const executed = await reader.execute('9d9cf8a1-4f2e-4c43-9a5e-6f1f6f1f6f1f');
    expect(executed.body.detail).toContain('wrappers:execute');
  });
});

test('Access: a key made over HTTP does what it was given, until it is revoked', async () => {
  const csv = await at.api.upload('id\n1\n');
  const [own, foreign] = [await at.api.createCsvWrapper(csv), await at.api.createCsvWrapper(csv)];
  const wanted = { name: 'dashboard', role: 'write', wrapper_ids: [own], expires_at: '2999-12-31T00:00:00Z' };
  const made = await at.api.call('POST', '/api/keys', wanted);
  expect(made).toMatchObject({ status: 201, body: { name: 'dashboard', wrapper_ids: [own] } });
  const { key, key_id: keyId } = made.body as unknown as { readonly key: string; readonly key_id: string };
  const limited = wrappersApi({ ...at.stack, key });

  const { body: listed } = await limited.call('GET', list);
  expect(listed.items.map((wrapper: { wrapper_id: string }) => wrapper.wrapper_id)).toEqual([own]);
  expect(await limited.get(own)).toMatchObject({ status: 200 });
  expect(await limited.get(foreign)).toMatchObject({ status: 404, body: { detail: 'Wrapper not found' } });
  expect((await limited.get(foreign, '/health')).body.health_status).toBe('UNKNOWN');
  expect((await limited.stop(foreign)).body).toEqual({ detail: 'Stop error: Wrapper not found' });
  expect((await limited.call('POST', list, {})).status).toBe(403);
  expect((await limited.call('POST', '/api/keys', { name: 'wider' })).status).toBe(403);

  const keys = await at.api.call('GET', '/api/keys');
  expect(keys.body.items).toContainEqual(expect.objectContaining({ key_id: keyId, revoked: false }));
  expect(JSON.stringify(keys.body)).not.toContain(key.slice(-43));
  for (let times = 0; times < 2; times += 1) {
    expect((await at.api.call('DELETE', `/api/keys/${keyId}`)).status).toBe(204);
  }
  expect(await ask({ 'x-api-key': key })).toMatchObject({ status: 401, body: { code: 401 } });
});

describe('Access: gateway-made errors', () => {
  test.each([
    ['GET', '/nonsense'],
    ['GET', '/resources'],
    ['PATCH', list],
    ['POST', `${list}/x/health`],
  ])('Access: %s %s is 404', async (method, url) => {
    const answer = await ask({ Authorization: `Bearer ${at.stack.key}` }, method, url);
    expect(answer.status).toBe(404);
    expect(answer.body).toEqual({ error: 'Not found', detail: 'Not found', code: 404 });
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  test("Access: a body over the gateway's 10 MB is 413", async () => {
    const answer = await at.api.call('POST', list, 'x'.repeat(11 * 1024 * 1024));
    expect(answer.status).toBe(413);
    expect(answer.body).toEqual({ error: expect.any(String), detail: answer.body.error, code: 413 });
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  test('Access: over the limit of its key is 429', async () => {
    let answer = await at.api.call('GET', list);
    for (let asked = 1; answer.status === 200 && asked < 100; asked += 1) answer = await at.api.call('GET', list);
    expect(answer.status).toBe(429);
    // The gateway's own, which serves the clients of every family.
    const { error } = answer.body as unknown as { readonly error: { readonly message: string } };
    expect(answer.body).toEqual({
      error: { code: 'RATE_LIMIT_EXCEEDED', message: expect.any(String) },
      detail: error.message,
      _meta: { request_id: expect.stringMatching(/^req_/) },
    });
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });
});
