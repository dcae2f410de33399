import { text } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { webServer } from '../support/web-server.ts';
import { csvOf, eachOnce } from './support/csv.ts';
import { useStack } from './support/use-stack.ts';

type SentBatch = { readonly batch_id: string; readonly data_points: readonly { readonly id: string }[] };

const at = useStack();
const bytes = (...parts: (string | number[] | Buffer)[]) =>
  new Uint8Array(
    Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part)))),
  );

/** Executes, and answers all that is to be seen of it. */
async function outcomeOf(content: string | Uint8Array<ArrayBuffer>, more: Readonly<Record<string, unknown>> = {}) {
  const location = { file_id: await at.api.upload(content) };
  // What an encoding would be found out to be is not the matter here.
  const source = { type: 'CSV', location, options: { encoding: 'utf-8' } };
  const id = await at.api.createCsvWrapper(location.file_id, { source, ...more });
  const { status, body } = await at.api.execute(id);
  const [execution] = (await at.api.get(id, '/executions')).body.items;
  const quarantine = (await at.api.get(id, `/executions/${execution.execution_id}/quarantine`)).body.items;
  return { id, status, body, execution, quarantine, received: await at.api.received(id) };
}

describe('Bad input: files that are no CSV', () => {
  test.each([
    ['an empty file', '\n', 'No data rows: the source is empty or has only a header'],
    ['a header only', 'id,name\n', 'No data rows: the source is empty or has only a header'],
    ['blank rows only', '\n\n  \n\n', 'No data rows: the source is empty or has only a header'],
    [
      'an image called .csv',
      bytes([0x89], 'PNG\r\n', [0x1a], '\n', [0, 0, 0, 13]),
      'the file is not CSV: it is a PNG image',
    ],
    ['a workbook called .csv', bytes('PK', [3, 4, 20, 0, 6, 0, 8, 0]), 'the file is not CSV: it is'],
    ['noise', bytes(Array.from({ length: 4096 }, (_, n) => (n * 7919) % 32)), 'the file is not CSV: it is binary'],
    ['UTF-16 without a mark', bytes(Buffer.from(csvOf(50), 'utf16le')), 'set source.options.encoding'],
    [
      'a quote never closed in the header',
      'id,"name\n1,a\n2,b\n',
      'row 1, field 2, in the header: the quote is never closed',
    ],
  ])('Bad input: %s is a failure that says so', async (_, content, message) => {
    const { id, status, body, received } = await outcomeOf(content);
    expect(status).toBe(200);
    expect(body).toMatchObject({ success: false, data_points_sent: null });
    expect(body.message).toContain(message);
    expect((await at.api.get(id)).body).toMatchObject({ status: 'error', error_message: body.message });
    expect(received.points).toBe(0);
  });

  test('Bad input: a file of no bytes at all can be uploaded nowhere', async () => {
    const { status, body } = await at.api.call('POST', '/resources/wrappers/files', { filename: 'a.csv', size: 0 });
    expect(status).toBe(400);
    expect(body.detail).toContain('size');
  });

  test('Bad input: an upload that was asked for and never made is Wrapper file not found', async () => {
    const { body } = await at.api.call('POST', '/resources/wrappers/files', { filename: 'a.csv', size: 5 });
    const id = await at.api.createCsvWrapper(body.file_id);
    const answer = await at.api.execute(id);
    expect(answer).toMatchObject({ status: 400, body: { detail: 'Execution error: Wrapper file not found' } });
  });
});

describe('Bad input: rows that do not fit are set aside, and the rest is sent', () => {
  test.each([
    [
      'ragged rows',
      'a,b\n1\n2,3\n4,5,6\n',
      [
        ['row 2 has 1 field, the header has 2', '1'],
        ['row 4 has 3 fields, the header has 2', '4,5,6'],
      ],
      1,
    ],
    ['invalid UTF-8', bytes('name,city\na,K', [0xf6], 'ln\nb,Bonn\n'), [['row 2, field "city"', 'a,K\uFFFDln']], 1],
    [
      'text after a closing quote',
      'a,b\n"1"x,2\n3,4\n',
      [['row 2, field "a": text after the closing quote', '"1"x,2']],
      1,
    ],
    [
      'a quote never closed',
      'a,b\n1,2\n3,"4\n5,6\n',
      [['row 3: the quote that opens here is never closed', '3,"4\n5,6']],
      1,
    ],
  ])('Bad input: %s', async (_, content, expected, points) => {
    const { body, execution, quarantine, received } = await outcomeOf(content);
    expect(body).toMatchObject({ success: true, data_points_sent: points });
    expect(execution).toMatchObject({ quarantined: expected.length, data_points_sent: points });
    expect(quarantine).toHaveLength(expected.length);
    for (const [index, [reason, raw]] of expected.entries()) {
      expect(quarantine[index]?.reason).toContain(reason);
      expect(quarantine[index]?.raw).toBe(raw);
    }
    expect(received).toMatchObject(eachOnce(points));
  });

  test('Bad input: a row of 10 MB is set aside by its number, and the rows after it are sent', async () => {
    const { body, quarantine, received } = await outcomeOf(`a,b\n1,2\n3,${'x'.repeat(10 * 1024 * 1024)}\n5,6\n7,8\n`);
    expect(body).toMatchObject({ success: true, data_points_sent: 3 });
    expect(quarantine).toMatchObject([{ row: 3, reason: 'row 3 is longer than 1 MiB' }]);
    expect(quarantine[0].raw).toMatch(/^3,x+$/);
    expect(received).toMatchObject(eachOnce(3));
  });

  test('Bad input: a value that is not of its type names row and field', async () => {
    const mapping = {
      fields: [
        { from: 'id', type: 'integer' },
        { from: 'value', type: 'number' },
      ],
    };
    const { body, quarantine } = await outcomeOf('id,value\n1,2.5\n2,warm\n3,4\n', { mapping });
    expect(body.data_points_sent).toBe(2);
    expect(quarantine).toMatchObject([
      { row: 3, reason: 'field "value": "warm" is not a number', raw: '{"id":"2","value":"warm"}' },
    ]);
  });

  test('Bad input: more than max_quarantined rows stop the run, and the message says why', async () => {
    const { status, body } = await outcomeOf(`a,b\n${'1\n'.repeat(20)}`, { max_quarantined: 5 });
    expect(status).toBe(200);
    expect(body.success).toBe(false);
    expect(body.message).toMatch(/^20 rows did not fit, more than max_quarantined \(5\).*row 2 has 1 field/);
  });
});

describe('Bad input: unusual, and read all the same', () => {
  test.each([
    ['a byte order mark', bytes([0xef, 0xbb, 0xbf], csvOf(5)), { mapping: { key: ['id'] } }],
    ['UTF-16 with a mark', bytes([0xff, 0xfe], Buffer.from(csvOf(5), 'utf16le')), { mapping: { key: ['id'] } }],
    ['duplicate headers', `id,id,\n${csvOf(5).slice(14)}`, { mapping: { key: ['id', 'id_2', 'column_3'] } }],
    [
      'headers __proto__ and constructor',
      `__proto__,constructor,toString\n${csvOf(5).slice(14)}`,
      { mapping: { key: ['__proto__', 'constructor'] } },
    ],
    ['CR LF and no line end at the last row', csvOf(5).replaceAll('\n', '\r\n').trimEnd(), {}],
  ])('Bad input: %s', async (_, content, more) => {
    const { body, execution, received } = await outcomeOf(content, more);
    expect(body).toMatchObject({ success: true, data_points_sent: 5 });
    expect(execution.quarantined).toBe(0);
    expect(received).toMatchObject(eachOnce(5));
  });

  test('Bad input: what was done about the headers is told with the execution', async () => {
    const { execution } = await outcomeOf('id,id,\n1,2,3\n');
    expect(execution.notes).toEqual([
      'duplicate header "id" of column 2 renamed to "id_2"',
      'empty header of column 3 named "column_3"',
    ]);
  });
});

describe('Bad input: uploads over the limit', () => {
  test('Bad input: a declared size over the limit is 400 and names it', async () => {
    const { status, body } = await at.api.call('POST', '/resources/wrappers/files', {
      filename: 'a.csv',
      size: 16_000_001,
    });
    expect(status).toBe(400);
    expect(body.errors).toEqual([{ path: 'size', message: 'is more than the limit of 16000000 bytes' }]);
  });

  test('Bad input: more bytes than were declared are refused, and no file comes of them', async () => {
    const { body } = await at.api.call('POST', '/resources/wrappers/files', { filename: 'a.csv', size: 5 });
    const put = await fetch(body.upload.url, { method: 'PUT', body: csvOf(100) });
    expect(put.status).toBe(403);
    const id = await at.api.createCsvWrapper(body.file_id);
    expect((await at.api.execute(id)).body.detail).toBe('Execution error: Wrapper file not found');
  });
});

describe('Bad input: destinations that misbehave', () => {
  const rows = 60;
  const inTens = { batch_size: 10 };

  test.each([
    ['refuses', { status: 403, body: 'not you' }, 'destination refused: HTTP 403: not you'],
    ['redirects', { status: 302 }, 'destination refused: HTTP 302'],
    [
      'answers HTML',
      { status: 200, content_type: 'text/html', body: '<html>Sign in</html>' },
      'a web page is no acknowledgement',
    ],
  ])(
    'Bad input: a destination that %s ends the run at once, and the next run has all rows',
    async (_, behaviour, reason) => {
      await at.api.behave(behaviour);
      const { id, status, body, received } = await outcomeOf(csvOf(rows), inTens);
      expect(status).toBe(200);
      expect(body).toMatchObject({ success: false, message: expect.stringContaining(reason), data_points_sent: null });
      expect(received.points).toBe(0);
      await at.api.behave({});
      expect((await at.api.execute(id)).body).toMatchObject({ success: true, data_points_sent: rows });
      expect(await at.api.received(id)).toMatchObject(eachOnce(rows));
    },
  );

  test('Bad input: a destination that hangs, fails, takes nothing or is not there ends the run before execute gives up waiting', async () => {
    const places = await webServer((request, response) => {
      if (request.url === '/fails') response.writeHead(500).end('out of order');
      if (request.url === '/takes-nothing') response.writeHead(200).end('{"accepted":0}');
    });
    const messageFrom = async (url: string) => {
      const { status, body } = await outcomeOf(csvOf(rows), { ...inTens, destination: { type: 'http', url } });
      expect([status, body.success, body.data_points_sent]).toEqual([200, false, null]);
      return body.message;
    };
    const asked = Date.now();
    const urls = [`${places.url}/hangs`, `${places.url}/fails`, `${places.url}/takes-nothing`, 'http://127.0.0.1:9/'];
    const [hangs, fails, takesNothing, isNotThere] = await Promise.all(urls.map(messageFrom));
    expect(Date.now() - asked).toBeLessThan(20_000);
    expect(hangs).toContain('Connection timeout');
    expect(fails).toBe('destination answered HTTP 500: out of order');
    expect(takesNothing).toContain('destination accepted 0 of 10 points');
    expect(isNotThere).toMatch(/^destination did not answer: .*refused/);
    await places.close();
  });

  test.each([
    ['accepts and drops the connection', { accept_then_drop_rate: 0.4, seed: 3 }],
    ['fails now and then', { error_rate: 0.4, seed: 3 }],
    ['asks for a pause', { error_rate: 0.4, seed: 3, error_status: 429, retry_after: 1 }],
  ])('Bad input: a destination that %s gets every row in the end, again by the same ids', async (_, behaviour) => {
    await at.api.behave(behaviour);
    const { id, body, received } = await outcomeOf(csvOf(rows), inTens);
    expect(body).toMatchObject({ success: true, message: 'Wrapper executed successfully', data_points_sent: rows });
    expect(received).toMatchObject({ unique_points: rows, bad_duplicates: 0, batches: rows / 10 });
    expect((await at.api.get(id)).body.data_points_count).toBe(rows);
  });

  test('Bad input: of a destination that takes half of a batch, each batch comes whole or in parts that join', async () => {
    const requests: { readonly batchId: string; readonly ids: readonly string[]; readonly isWhole: boolean }[] = [];
    const place = await webServer(async (request, response) => {
      const { batch_id, data_points } = JSON.parse(await text(request)) as SentBatch;
      const ids = data_points.map(({ id }) => id);
      // The second and third of five are taken by half: parts are made of what that happens to twice in a row.
      const isWhole = ![1, 2].includes(requests.length % 5);
      requests.push({ batchId: batch_id, ids, isWhole });
      response.end(JSON.stringify({ accepted: isWhole ? ids.length : Math.floor(ids.length / 2) }));
    });
    const { id, body } = await outcomeOf(csvOf(rows), { ...inTens, destination: { type: 'http', url: place.url } });
    await place.close();
    expect(body).toMatchObject({ success: true, data_points_sent: rows });
    expect((await at.api.get(id)).body.data_points_count).toBe(rows);

    const offered = new Map(requests.map(({ batchId, ids }) => [batchId, ids]));
    for (const { batchId, ids } of requests) expect(ids).toEqual(offered.get(batchId));
    const taken = requests.filter(({ isWhole }) => isWhole).map(({ batchId }) => batchId);
    expect(new Set(taken).size).toBe(taken.length);
    const batches = Map.groupBy(taken, (batchId) => batchId.split('/')[0] as string);
    expect(batches.size).toBe(rows / 10);
    expect(taken.some((batchId) => batchId.includes('/'))).toBe(true);
    for (const [batchId, parts] of batches) {
      // `<batch_id>/<first>-<last>`, counted from 1; a batch that was taken at once has no part.
      const ranges = parts.map((part) => (part === batchId ? [1, 10] : part.split('/')[1]?.split('-').map(Number)));
      expect(ranges.map((range) => range?.[0])).toEqual([
        1,
        ...ranges.slice(0, -1).map((range) => Number(range?.[1]) + 1),
      ]);
      expect(ranges.at(-1)?.[1]).toBe(10);
      expect(parts.flatMap((part) => offered.get(part))).toEqual(offered.get(batchId));
    }
    const sent = taken.flatMap((batchId) => offered.get(batchId));
    expect([sent.length, new Set(sent).size]).toEqual([rows, rows]);
  });
});

test('Bad input: after all of this the stack serves as before', async () => {
  const { body, received } = await outcomeOf(csvOf(100));
  expect(body).toMatchObject({ success: true, data_points_sent: 100 });
  expect(received).toMatchObject(eachOnce(100));
});
