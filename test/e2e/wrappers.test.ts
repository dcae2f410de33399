import { describe, expect, test } from '@jest/globals';
import { smallestDefinition, smallestView } from '../support/wrapper-definition.ts';
import { csvOf } from './support/csv.ts';
import { useStack } from './support/use-stack.ts';

const at = useStack();
const unknown = '/resources/wrappers/9d9cf8a1-4f2e-4c43-9a5e-6f1f6f1f6f1f';
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const path = (id: string) => `/resources/wrappers/${id}`;
const create = (definition: unknown) => at.api.call('POST', '/resources/wrappers', definition);
const definition = (more: object = {}) => ({ ...smallestDefinition, ...more });

describe('Managing wrappers', () => {
  test('Managing wrappers: create answers 201, the whole wrapper, and where it is', async () => {
    const { status, headers, body } = await create(definition({ metadata: { unit: '°C' } }));
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(path(body.wrapper_id));
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({
      ...smallestView,
      wrapper_id: expect.any(String),
      metadata: { unit: '°C' },
      created_at: expect.stringMatching(time),
      updated_at: expect.stringMatching(time),
    });
    expect((await at.api.get(body.wrapper_id)).body).toEqual(body);
  });

  test.each([
    ['GET', ''],
    ['PUT', ''],
    ['DELETE', ''],
    ['GET', '/executions'],
    ['GET', '/executions/x'],
    ['GET', '/logs'],
    ['GET', '/checkpoint'],
    ['PUT', '/checkpoint'],
    ['DELETE', '/checkpoint'],
    ['GET', '/checkpoints'],
  ])('Managing wrappers: %s of an unknown id%s is 404', async (method, what) => {
    const body = method === 'PUT' ? (what === '' ? definition() : { id: 'cp-1' }) : undefined;
    const answer = await at.api.call(method, `${unknown}${what}`, body);
    expect(answer).toMatchObject({ status: 404, body: { detail: 'Wrapper not found' } });
  });

  test('Managing wrappers: a change is shown, and a change of the source starts it over', async () => {
    const [one, two] = await Promise.all([at.api.upload(csvOf(5)), at.api.upload(csvOf(7, 100))]);
    const id = await at.api.createCsvWrapper(one);
    await at.api.execute(id);
    const { body: before } = await at.api.get(id);
    const { name, destination, source } = before;
    const renamed = await at.api.call('PUT', path(id), { name: `${name} 2`, destination, source });
    expect(renamed).toMatchObject({ status: 200, body: { name: 'test 2', data_points_count: 5 } });
    expect((await at.api.execute(id)).body.data_points_sent).toBe(0);
    await at.api.call('PUT', path(id), { name, destination, source: { type: 'CSV', location: { file_id: two } } });
    expect((await at.api.execute(id)).body.data_points_sent).toBe(7);
  });

  test('Managing wrappers: a wrapper may be put back as it was got', async () => {
    const id = await at.api.wrapperOf(csvOf(3));
    await at.api.execute(id);
    const got = (await at.api.get(id)).body;
    const put = await at.api.call('PUT', path(id), { ...got, name: 'as got, renamed' });
    expect(put).toMatchObject({
      status: 200,
      body: { name: 'as got, renamed', status: 'completed', source: got.source },
    });
    expect(put.body.checkpoint).toEqual(got.checkpoint);
  });

  test('Managing wrappers: changing or deleting while executing is 409, unless ?stop=true', async () => {
    const id = await at.api.wrapperOf(csvOf(3000), { batch_size: 10 });
    const { name, source, destination } = (await at.api.get(id)).body;
    const same = { name, source, destination };
    await at.api.behave({ latency_ms: 100 });
    await at.api.begin(id);
    expect(await at.api.call('PUT', path(id), same)).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('?stop=true') },
    });
    expect((await at.api.call('DELETE', path(id))).status).toBe(409);
    expect((await at.api.call('PUT', `${path(id)}/checkpoint`, { id: 'cp-1' })).status).toBe(409);
    expect((await at.api.call('DELETE', `${path(id)}/checkpoint`)).status).toBe(409);
    expect((await at.api.get(id)).body.status).toBe('executing');
    const changed = await at.api.call('PUT', `${path(id)}?stop=true`, { ...same, name: 'changed' });
    expect(changed).toMatchObject({ status: 200, body: { name: 'changed', status: 'stopped' } });
    await at.api.begin(id);
    expect((await at.api.call('DELETE', `${path(id)}?stop=true`)).status).toBe(204);
    expect((await at.api.get(id)).status).toBe(404);
    const { points } = await at.api.received(id);
    expect(points).toBeLessThan(3000);
  });

  test('Managing wrappers: the list has every wrapper, page by page, newest first or last, each once', async () => {
    const made = await Promise.all(
      [1, 2, 3, 4, 5].map(async (n) => (await create(definition({ name: `list ${n}` }))).body.wrapper_id),
    );
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const query: string = cursor === '' ? '?limit=3' : `?limit=3&cursor=${cursor}`;
      const { status, body } = await at.api.call('GET', `/resources/wrappers${query}`);
      expect(status).toBe(200);
      expect(body.items.length).toBeLessThanOrEqual(3);
      seen.push(...body.items.map((item: { wrapper_id: string }) => item.wrapper_id));
      cursor = body.next_cursor;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(made));
  });

  test.each(['limit=0', 'limit=101', 'limit=many', 'cursor=nonsense', 'cursor=', 'colour=red'])(
    'Managing wrappers: a list with ?%s is 400 and names the parameter',
    async (query) => {
      const { status, body } = await at.api.call('GET', `/resources/wrappers?${query}`);
      expect(status).toBe(400);
      expect(body.detail).toContain(query.split('=')[0]);
      expect(body.errors).toHaveLength(1);
    },
  );

  test('Managing wrappers: an execution has its counts, times, outcome and estimated cost', async () => {
    const id = await at.api.wrapperOf(`a,b\n1,2\n3\n${'4,5\n'.repeat(8)}`, { batch_size: 5 });
    await at.api.execute(id);
    const { items } = (await at.api.get(id, '/executions')).body;
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({
      execution_id: expect.any(String),
      wrapper_id: id,
      status: 'completed',
      started_at: expect.stringMatching(time),
      finished_at: expect.stringMatching(time),
      duration_seconds: expect.any(Number),
      records_read: 10,
      data_points_sent: 9,
      quarantined: 1,
      batches: 2,
      error: null,
      estimated_cost_usd: { total: expect.any(Number), components: expect.any(Object) },
    });
    expect(items[0].bytes_sent).toBeGreaterThan(500);
    const { total, components } = items[0].estimated_cost_usd;
    const sum = Object.values(components as Record<string, number>).reduce((all, each) => all + each, 0);
    expect(total).toBeCloseTo(sum, 8);
    const one = await at.api.get(id, `/executions/${items[0].execution_id}`);
    expect(one.body).toEqual(items[0]);
    const quarantine = await at.api.get(id, `/executions/${items[0].execution_id}/quarantine`);
    expect(quarantine.body).toEqual({
      items: [{ row: 3, reason: 'row 3 has 1 field, the header has 2', raw: '3', redrivable: false }],
      next_cursor: null,
    });
    expect((await at.api.get(id, '/executions/nonsense')).status).toBe(404);
  });

  test('Managing wrappers: the log is listed newest first, page by page', async () => {
    const id = await at.api.wrapperOf(csvOf(3));
    for (let run = 0; run < 3; run += 1) await at.api.execute(id);
    const { execution_log } = (await at.api.get(id)).body;
    const first = (await at.api.get(id, '/logs?limit=2')).body;
    const rest = (await at.api.get(id, `/logs?limit=2&cursor=${first.next_cursor}`)).body;
    expect(rest.next_cursor).toBeNull();
    expect([...first.items, ...rest.items].toReversed()).toEqual(execution_log);
    for (const line of execution_log) expect(line).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ (INFO|ERROR) Execution /);
  });

  test('Managing wrappers: a checkpoint can be put back, and taken away', async () => {
    const id = await at.api.wrapperOf(csvOf(10));
    expect((await at.api.get(id, '/checkpoint')).body).toEqual({ wrapper_id: id, checkpoint: null });
    await at.api.execute(id);
    const { checkpoint } = (await at.api.get(id, '/checkpoint')).body;
    expect(checkpoint).toMatchObject({
      id: expect.stringMatching(/^cp-\d+$/),
      updated_at: expect.stringMatching(time),
    });
    expect((await at.api.call('DELETE', `${path(id)}/checkpoint`)).status).toBe(204);
    expect((await at.api.get(id, '/checkpoint')).body.checkpoint).toBeNull();
    const put = await at.api.call('PUT', `${path(id)}/checkpoint`, checkpoint);
    expect(put.status).toBe(200);
    expect((await at.api.get(id, '/checkpoint')).body.checkpoint.position).toEqual(checkpoint.position);
    expect((await at.api.execute(id)).body).toMatchObject({ success: true, data_points_sent: 0 });
    const none = await at.api.call('PUT', `${path(id)}/checkpoint`, { id: 'cp-99' });
    expect(none).toMatchObject({ status: 400, body: { detail: expect.stringContaining('cp-99') } });
  });

  test('Managing wrappers: an upload is signed for its size, and says until when', async () => {
    const { status, body } = await at.api.call('POST', '/resources/wrappers/files', { filename: 'a.csv', size: 12 });
    expect(status).toBe(201);
    expect(body).toEqual({
      file_id: expect.any(String),
      upload: { url: expect.stringMatching(/^http/), method: 'PUT', headers: { 'Content-Length': '12' } },
      expires_at: expect.stringMatching(time),
    });
    expect(Date.parse(body.expires_at)).toBeGreaterThan(Date.now());
  });
});

describe('Bad definitions', () => {
  test.each([
    ['no body', undefined, 'body'],
    ['no JSON', '{"name": ', 'body'],
    ['a list', [], 'body'],
    ['an unknown field', definition({ colour: 'red' }), 'colour'],
    [
      'an unknown field within',
      definition({ destination: { type: 'http', url: 'https://x.com', verb: 'PUT' } }),
      'destination.verb',
    ],
    ['a missing field', { ...definition(), name: undefined }, 'name'],
    ['a wrong type', definition({ batch_size: '500' }), 'batch_size'],
    ['a number out of range', definition({ batch_size: 5001 }), 'batch_size'],
    ['a fraction', definition({ interval_seconds: 1.5 }), 'interval_seconds'],
    ['an unknown source', definition({ source: { type: 'FAX' } }), 'source.type'],
    [
      'two locations',
      definition({ source: { type: 'CSV', location: { url: 'https://x.com', s3: 's3://abc/d' } } }),
      'source.location',
    ],
    ['an unknown mode', definition({ mode: 'sometimes' }), 'mode'],
    [
      'a delimiter of two characters',
      definition({ source: { type: 'CSV', location: { url: 'https://x.com' }, options: { delimiter: '::' } } }),
      'source.options.delimiter',
    ],
    [
      'a reserved header',
      definition({ destination: { type: 'http', url: 'https://x.com', headers: { Host: 'y' } } }),
      'destination.headers',
    ],
    ['a file address', definition({ destination: { type: 'http', url: 'file:///etc/passwd' } }), 'destination.url'],
  ])('Bad definitions: %s is 400 and named', async (_, given, field) => {
    const { status, body } = await create(given);
    expect(status).toBe(400);
    expect(body.detail).toMatch(/^Invalid wrapper: /);
    expect(body.detail).toContain(field);
    expect(body.errors[0].path).toContain(field);
    expect(body.errors[0].message).not.toBe('');
  });

  test('Bad definitions: every problem is listed at once, and nothing is stored', async () => {
    const count = async () => (await at.api.call('GET', '/resources/wrappers?limit=100')).body.items.length;
    const before = await count();
    const { status, body } = await create({ name: 7, source: { type: 'CSV', location: {} }, colour: 1, mode: 'x' });
    expect(status).toBe(400);
    const paths = body.errors.map((error: { path: string }) => error.path);
    expect(paths.sort()).toEqual(['colour', 'destination', 'mode', 'name', 'source.location']);
    expect(await count()).toBe(before);
  });
});
