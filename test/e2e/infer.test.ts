import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { webServer } from '../support/web-server.ts';
import { formatted, type XlsxCell, xlsxFile } from '../support/xlsx-file.ts';
import { eachOnce } from './support/csv.ts';
import { useStack } from './support/use-stack.ts';

const at = useStack();
const infer = (body: unknown) => at.api.call('POST', '/resources/wrappers/infer', body);
const destination = () => ({ type: 'http', url: `${at.stack.sinkUrl}/points` });

/** Creates what was proposed, unchanged, and runs it. */
async function run(definition: unknown) {
  const created = await at.api.call('POST', '/resources/wrappers', definition);
  expect(created).toMatchObject({ status: 201 });
  const { body } = await at.api.execute(created.body.wrapper_id);
  const [execution] = (await at.api.get(created.body.wrapper_id, '/executions')).body.items;
  return { body, execution, received: await at.api.received(created.body.wrapper_id) };
}

const latin1 = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));
const stations = Array.from({ length: 60 }, (_, index) => {
  const day = String((index % 28) + 1).padStart(2, '0');
  return `0${index};Stra\xdfe ${index};${day}.02.2026 08:30;1.234,5${index % 10};${index % 2 === 0 ? 'true' : 'false'}`;
});
const german = latin1(`Stationen\n\nid;name;zeit;wert;aktiv\n${stations.join('\n')}\nQuelle: Amt;;;;\n`);

describe('Infer from a file', () => {
  test('proposes a definition that runs unchanged, with evidence and confidence for each choice', async () => {
    const fileId = await at.api.upload(german);
    const { status, body } = await infer({ file_id: fileId, destination: destination() });
    expect(status).toBe(200);
    expect(body.definition).toMatchObject({
      source: {
        type: 'CSV',
        location: { file_id: fileId },
        options: {
          encoding: 'windows-1252',
          delimiter: ';',
          header_row: 3,
          skip_footer: 1,
          decimal: ',',
          thousands: '.',
        },
      },
      mapping: {
        fields: [
          { from: 'id', type: 'string' },
          { from: 'name', type: 'string' },
          { from: 'zeit', type: 'timestamp', format: 'dd.MM.yyyy HH:mm' },
          { from: 'wert', type: 'number' },
          { from: 'aktiv', type: 'boolean' },
        ],
        timestamp: { from: 'zeit', format: 'dd.MM.yyyy HH:mm' },
        key: ['id'],
      },
      destination: destination(),
    });
    for (const { path, evidence, confidence } of body.choices) {
      expect([path, evidence.length > 0, confidence > 0 && confidence <= 1]).toEqual([path, true, true]);
    }
    const { body: executed, execution, received } = await run(body.definition);
    expect(executed).toMatchObject({ success: true, data_points_sent: 60 });
    expect(execution.quarantined).toBe(0);
    expect(received).toMatchObject(eachOnce(60));
  });

  test.each<[string, string | Uint8Array<ArrayBuffer>, number]>([
    ['plain', 'id,name,value\n1,a,0.5\n2,b,1.5\n', 2],
    ['of one column', 'value\n01\n002\n00003\n', 3],
    ['with missing numbers', 'year\tjan\n2001\t5\n2002\t***\n2003\t7\n2004\t8\n2005\t9\n2006\t1\n', 6],
    ['with epoch times', 'sensor_id,observed_at,v\na,1767225600,1\nb,1767225660,2\n', 2],
    ['with long integers', 'id,serial\n1,12345678901234567890\n2,98765432109876543210\n', 2],
    ['with duplicate names', 'id,id,\n1,2,3\n4,5,6\n', 2],
    ['without names', 'Anna,30,1.5\nBen,25,2.5\nCarla,41,0.5\n', 3],
    ['in UTF-16', Uint8Array.from(Buffer.from('\uFEFFa|b|c\né|2|x\nü|4|y\n', 'utf16le')), 2],
  ])('a file %s is read whole', async (_, content, points) => {
    const { body } = await infer({ file_id: await at.api.upload(content), destination: destination() });
    const { body: executed, execution, received } = await run(body.definition);
    expect(executed).toMatchObject({ success: true, data_points_sent: points });
    expect(execution.quarantined).toBe(0);
    expect(received).toMatchObject(eachOnce(points));
  });

  test('without a destination it is a placeholder, and says so', async () => {
    const { body } = await infer({ file_id: await at.api.upload('a,b\n1,2\n') });
    expect(body.choices.at(-1)).toEqual({
      path: 'destination',
      value: body.definition.destination,
      evidence: expect.stringContaining('placeholder'),
      confidence: 0,
    });
    expect(body.definition.destination).toMatchObject({ url: expect.stringContaining('destination.invalid') });
  });

  test('what can’t be a source is refused with its reason', async () => {
    const refused = async (content: string) => (await infer({ file_id: await at.api.upload(content) })).body.detail;
    expect(await refused('%PDF-1.7\n')).toBe('Infer error: the file is not CSV: it is a PDF file');
    expect(await refused('{"a": 1}')).toContain('Infer error: it is JSON');
    expect(await infer({ file_id: '9d9cf8a1-4f2e-4c43-9a5e-6f1f6f1f6f1f' })).toMatchObject({
      status: 400,
      body: { detail: 'Infer error: Wrapper file not found' },
    });
    expect(await infer({ file_id: 'x' })).toMatchObject({ status: 400 });
    expect(await infer({})).toMatchObject({ status: 400 });
  });
});

describe('Infer from an address', () => {
  const requests: IncomingMessage[] = [];
  const large = Buffer.from(
    `id,name,value\n${Array.from({ length: 30_000 }, (_, id) => `${id},x,${id / 10}`).join('\n')}\n`,
  );
  let server: Awaited<ReturnType<typeof webServer>>;
  beforeAll(async () => {
    server = await webServer((request, response) => {
      requests.push(request);
      if (request.url !== '/data/stations.csv') return void response.writeHead(404).end();
      const [, from, to] = /^bytes=(\d+)-(\d+)?$/.exec(String(request.headers.range)) ?? [];
      if (from === undefined) return void response.writeHead(200, { etag: '"v1"' }).end(large);
      const end = Math.min(to === undefined ? large.length : Number(to) + 1, large.length);
      const headers = { etag: '"v1"', 'content-range': `bytes ${from}-${end - 1}/${large.length}` };
      response.writeHead(206, headers).end(large.subarray(Number(from), end));
    });
  });
  afterAll(() => server.close());

  test('takes five requests at most', async () => {
    requests.length = 0;
    const { body } = await infer({ url: `${server.url}/data/stations.csv`, destination: destination() });
    expect(requests.length).toBeLessThanOrEqual(5);
    expect(body.definition).toMatchObject({
      name: 'stations.csv',
      source: { type: 'CSV', location: { url: `${server.url}/data/stations.csv` } },
      mapping: { key: ['id'] },
    });
    const { body: executed, received } = await run(body.definition);
    expect(executed).toMatchObject({ success: true, data_points_sent: 30_000 });
    expect(received).toMatchObject(eachOnce(30_000));
  });

  test('that is not there, or not allowed, is refused', async () => {
    expect(await infer({ url: `${server.url}/nothing` })).toMatchObject({ status: 400 });
    expect(await infer({ url: 'http://10.0.0.1/x.csv' })).toMatchObject({
      status: 400,
      body: { detail: expect.stringMatching(/^Infer error: Forbidden address/) },
    });
    expect(await infer({ url: 'http://127.0.0.1:9/x.csv' })).toMatchObject({ status: 503 });
  });
});

test('Infer from a workbook: its sheet, time and key; values keep their types', async () => {
  const rows: XlsxCell[][] = Array.from({ length: 20 }, (_, row) => [row, formatted(1, 44_197 + row), row / 10]);
  const bytes = xlsxFile([['station_id', 'observed', 'air'], ...rows], { formats: ['yyyy-mm-dd'] });
  const fileId = await at.api.upload(bytes, 'stations.xlsx');
  const { body } = await infer({ file_id: fileId, destination: destination() });
  expect(body.definition).toMatchObject({
    source: { type: 'XLSX', location: { file_id: fileId }, options: { sheet: 'Sheet1' } },
    mapping: { timestamp: { from: 'observed', format: 'iso' }, key: ['station_id'] },
  });
  const { body: executed, execution, received } = await run(body.definition);
  expect(executed).toMatchObject({ success: true, data_points_sent: 20 });
  expect(execution.quarantined).toBe(0);
  expect(received).toMatchObject(eachOnce(20));
});
