import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { webServer } from '../support/web-server.ts';
import { csvOf } from './support/csv.ts';
import { useStack } from './support/use-stack.ts';

const at = useStack();
/** What a destination was sent, as text. */
const sent: string[] = [];
let destination: Awaited<ReturnType<typeof webServer>>;
beforeAll(async () => {
  destination = await webServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    sent.push(text);
    response.writeHead(200).end();
  });
});
afterAll(() => destination.close());

const definition = (fileId: string, more: object = {}) => ({
  name: 'previewed',
  source: { type: 'CSV', location: { file_id: fileId } },
  mapping: {
    fields: [{ from: 'id', type: 'integer' }, { from: 'name' }, { from: 'value', type: 'number' }],
    key: ['id'],
  },
  destination: { type: 'http', url: destination.url },
  ...more,
});

async function textOf(path: string, body?: unknown): Promise<string> {
  const response = await fetch(`${at.stack.apiUrl}/resources/wrappers${path}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${at.stack.key}`, 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return response.text();
}

describe('Preview', () => {
  test('gives the points byte for byte as they are then sent, and sends nothing itself', async () => {
    const fileId = await at.api.upload('id,name,value\n1,"é \\u00e9, ""x""",12345678901234567890.50\n2,,0.10\n');
    const { body } = await at.api.call('POST', '/resources/wrappers', definition(fileId));
    const preview = await textOf(`/${body.wrapper_id}/preview`);
    expect(sent).toEqual([]);
    const points = /^\{"data_points":(\[.*\]),"quarantined":\[\],"notes":\[\],"error":null\}$/.exec(preview)?.[1];
    expect(JSON.parse(String(points))).toHaveLength(2);
    await at.api.execute(body.wrapper_id);
    expect(sent).toEqual([expect.stringContaining(`"data_points":${points}`)]);
  });

  test('changes nothing about the wrapper', async () => {
    const id = await at.api.wrapperOf(csvOf(50));
    const before = (await at.api.get(id)).body;
    const { body } = await at.api.call('POST', `/resources/wrappers/${id}/preview?limit=3`);
    expect(body.data_points.map(({ data }) => data.id)).toEqual(['1', '2', '3']);
    expect((await at.api.get(id)).body).toEqual(before);
    expect((await at.api.get(id, '/executions')).body.items).toEqual([]);
  });

  test('needs no wrapper: a definition will do, and nothing is kept of it', async () => {
    const fileId = await at.api.upload('id;name;value\nx;y;1\n7;z;1,5\n');
    const before = (await at.api.call('GET', '/resources/wrappers?limit=100')).body.items.length;
    const { status, body } = await at.api.call('POST', '/resources/wrappers/preview', definition(fileId));
    expect(status).toBe(200);
    expect(body).toMatchObject({
      data_points: [{ timestamp: null, data: { id: 7, name: 'z', value: 1.5 } }],
      quarantined: [{ row: 2, reason: 'field "id": "x" is not an integer', raw: '{"id":"x","name":"y","value":"1"}' }],
      error: null,
    });
    expect(body.notes.join()).toContain('delimiter ";"');
    expect((await at.api.call('GET', '/resources/wrappers?limit=100')).body.items).toHaveLength(before);
  });

  test('a hundred points at most, ten by default', async () => {
    const id = await at.api.wrapperOf(csvOf(500));
    const preview = (query: string) => at.api.call('POST', `/resources/wrappers/${id}/preview${query}`);
    expect((await preview('')).body.data_points).toHaveLength(10);
    expect((await preview('?limit=100')).body.data_points).toHaveLength(100);
    expect(await preview('?limit=101')).toMatchObject({ status: 400 });
  });

  test('what execute refuses with 400 is 400 here, what a run would fail with is told beside the points', async () => {
    const unknown = '9d9cf8a1-4f2e-4c43-9a5e-6f1f6f1f6f1f';
    expect(await at.api.call('POST', `/resources/wrappers/${unknown}/preview`)).toMatchObject({
      status: 404,
      body: { detail: 'Wrapper not found' },
    });
    const preview = (body: unknown) => at.api.call('POST', '/resources/wrappers/preview', body);
    expect(await preview(definition(unknown))).toMatchObject({
      status: 400,
      body: { detail: 'Preview error: Wrapper file not found' },
    });
    const fileId = await at.api.upload(csvOf(1));
    expect(await preview(definition(fileId, { mapping: { key: ['nr'] } }))).toMatchObject({
      status: 400,
      body: { detail: expect.stringMatching(/^Preview error: Invalid wrapper configuration: mapping.key\[0\]/) },
    });
    expect(await preview({ name: 'x' })).toMatchObject({
      status: 400,
      body: { detail: expect.stringMatching(/^Invalid wrapper: /) },
    });
    const nobody = { source: { type: 'CSV', location: { url: 'http://127.0.0.1:9/x.csv' } } };
    expect(await preview(definition(fileId, nobody))).toMatchObject({
      status: 503,
      body: { detail: expect.stringMatching(/^Service unavailable: /) },
    });
    const empty = await preview(definition(await at.api.upload('id,name,value\n')));
    expect(empty).toMatchObject({
      status: 200,
      body: { data_points: [], error: expect.stringContaining('No data rows') },
    });
  });
});
