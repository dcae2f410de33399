import { describe, expect, test } from '@jest/globals';
import { webServer } from '../support/web-server.ts';
import { eachOnce } from './support/csv.ts';
import { eventually } from './support/eventually.ts';
import { useStack } from './support/use-stack.ts';
import type { Reply } from './support/wrappers-api.ts';

const at = useStack();

/** Rows of which every fifth has a value that is no number, and the third a field too many. */
function oddCsv(rows: number): string {
  const line = (row: number) => `${row},${row % 5 === 0 ? `~${row}` : row / 10}${row === 3 ? ',x' : ''}`;
  return `id,value\n${Array.from({ length: rows }, (_, index) => line(index + 1)).join('\n')}\n`;
}

const strict = { fields: [{ from: 'id' }, { from: 'value', type: 'number' }] };
const mended = { fields: [{ from: 'id' }, { from: 'value', match: '^~?(.*)', type: 'number' }] };

/** Replaces the mapping, and leaves all else. */
async function map(id: string, mapping: unknown): Promise<void> {
  const { name, source, destination, batch_size } = (await at.api.get(id)).body;
  const changed = await at.api.call('PUT', `/resources/wrappers/${id}`, {
    name,
    source,
    destination,
    batch_size,
    mapping,
  });
  expect(changed.status).toBe(200);
}

const redrive = (id: string, execution: string, headers = {}): Promise<Reply> =>
  at.api.call('POST', `/resources/wrappers/${id}/executions/${execution}/redrive`, undefined, headers);
const quarantine = async (id: string, execution: string, query = '') =>
  (await at.api.get(id, `/executions/${execution}/quarantine${query}`)).body;
const newestExecution = async (id: string) => (await at.api.get(id, '/executions')).body.items[0];

describe('quarantine', () => {
  test('mended by PUT and re-driven: the sink has each row once, under the id it would have had', async () => {
    const id = await at.api.wrapperOf(oddCsv(40), { mapping: strict, batch_size: 7 });
    const { body } = await at.api.execute(id);
    expect(body).toMatchObject({ success: true, data_points_sent: 31 });
    const first = (await newestExecution(id)).execution_id;
    const checkpoint = (await at.api.get(id, '/checkpoint')).body;
    await map(id, mended);

    const { status, body: answer } = await redrive(id, first);
    expect(status).toBe(200);
    expect(answer).toEqual({
      wrapper_id: id,
      success: true,
      message: 'Quarantine re-driven successfully',
      execution_id: expect.not.stringMatching(first),
      rows_tried: 9,
      data_points_sent: 8,
      still_quarantined: 1,
      execution_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    });
    expect(await at.api.received(id)).toMatchObject(eachOnce(39));
    expect((await quarantine(id, first)).items).toEqual([
      expect.objectContaining({ row: 4, reason: expect.stringContaining('row 4 has 3 fields'), redrivable: false }),
    ]);
    expect((await at.api.get(id)).body).toMatchObject({ status: 'completed', data_points_count: 39 });
    expect((await at.api.get(id, '/checkpoint')).body).toEqual(checkpoint);
    expect(await newestExecution(id)).toMatchObject({
      execution_id: answer.execution_id,
      redrives: first,
      data_points_sent: 8,
    });

    // Everything once more from the file: the sink knows every one of the points by its id.
    expect((await at.api.execute(id, '?from=start')).body.data_points_sent).toBe(39);
    expect(await at.api.received(id)).toMatchObject({ unique_points: 39 });
  });

  test('is listed page by page in the order of the file, and says what can be re-driven', async () => {
    const id = await at.api.wrapperOf(oddCsv(40), { mapping: strict, batch_size: 7 });
    await at.api.execute(id);
    const { execution_id } = await newestExecution(id);
    const first = await quarantine(id, execution_id, '?limit=5');
    const second = await quarantine(id, execution_id, `?limit=5&cursor=${first.next_cursor}`);
    const items = [...first.items, ...second.items];
    expect(items.map(({ row }) => row)).toEqual([4, 6, 11, 16, 21, 26, 31, 36, 41]);
    expect(items[1]).toEqual({
      row: 6,
      reason: 'field "value": "~5" is not a number',
      raw: '{"id":"5","value":"~5"}',
      redrivable: true,
    });
    expect(second.next_cursor).toBeNull();
  });

  test('re-driven by a mapping that fits no better stays, and nothing is sent', async () => {
    const id = await at.api.wrapperOf(oddCsv(10), { mapping: strict });
    await at.api.execute(id);
    const { execution_id } = await newestExecution(id);
    const { body } = await redrive(id, execution_id);
    expect(body).toMatchObject({ success: true, rows_tried: 3, data_points_sent: 0, still_quarantined: 3 });
    expect((await quarantine(id, execution_id)).items).toHaveLength(3);
    expect(await at.api.received(id)).toMatchObject(eachOnce(7));
  });

  test('re-driven by a mapping that can’t be used is 400, and nothing is lost', async () => {
    const id = await at.api.wrapperOf(oddCsv(10), { mapping: strict });
    await at.api.execute(id);
    const { execution_id } = await newestExecution(id);
    await map(id, { fields: [{ from: 'vlaue' }] });
    const { status, body } = await redrive(id, execution_id);
    expect(status).toBe(400);
    expect(body.detail).toBe(
      'Execution error: Invalid wrapper configuration: mapping.fields[0].from: no column "vlaue" (columns: id, value)',
    );
    expect((await quarantine(id, execution_id)).items).toHaveLength(3);
  });

  test('is refused while the wrapper is executing, and nothing joins a re-drive', async () => {
    const id = await at.api.wrapperOf(oddCsv(200), { mapping: strict, batch_size: 10 });
    await at.api.behave({ latency_ms: 100 });
    const first = await at.api.begin(id);
    expect(await redrive(id, first)).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('executing') },
    });
    await at.api.becomes('completed', id);
    await map(id, mended);
    const begun = await redrive(id, first, { Prefer: 'respond-async' });
    expect(begun).toMatchObject({ status: 202, body: { success: null, message: 'Wrapper is still executing' } });
    expect((await at.api.execute(id)).status).toBe(409);
    await at.api.becomes('completed', id);
    expect(await at.api.received(id)).toMatchObject(eachOnce(199));
  });

  test('of a re-drive that is stopped and asked for again arrives each once', async () => {
    const id = await at.api.wrapperOf(oddCsv(400), { mapping: strict, batch_size: 10 });
    await at.api.execute(id);
    const first = (await newestExecution(id)).execution_id;
    await map(id, mended);
    await at.api.behave({ latency_ms: 200 });
    await redrive(id, first, { Prefer: 'respond-async' });
    const { points: before } = await eventually(
      () => at.api.received(id),
      ({ points }) => points > 330,
    );
    expect((await at.api.stop(id)).body.success).toBe(true);
    const { points: stopped } = await at.api.received(id);
    expect(stopped).toBeGreaterThanOrEqual(before);
    expect((await at.api.get(id)).body).toMatchObject({ status: 'stopped', data_points_count: stopped });
    await at.api.behave({});
    expect((await redrive(id, first)).body).toMatchObject({ success: true, data_points_sent: 399 - stopped });
    expect(await at.api.received(id)).toMatchObject(eachOnce(399));
    expect((await quarantine(id, first)).items).toHaveLength(1);
  });

  test('in the middle of a file leaves the file to be read on from where it was', async () => {
    const id = await at.api.wrapperOf(oddCsv(300), { mapping: strict, batch_size: 10 });
    await at.api.behave({ latency_ms: 100 });
    const first = await at.api.begin(id);
    await eventually(
      () => at.api.received(id),
      ({ points }) => points > 50,
    );
    await at.api.stop(id);
    await at.api.behave({});
    await map(id, mended);
    expect((await redrive(id, first)).body.success).toBe(true);
    expect((await at.api.execute(id)).body.success).toBe(true);
    expect(await at.api.received(id)).toMatchObject(eachOnce(299));
    expect((await at.api.get(id)).body.data_points_count).toBe(299);
  });

  test('of an API is read again by path, with all digits of its numbers', async () => {
    const big = '12345678901234567890';
    const record = (n: number) =>
      `{"id":${big.slice(0, -1)}${n},"at":{"level":"${n} m","tags":[{"x":0.1234567890123456789}]}}`;
    const upstream = await webServer((_request, response) => {
      response.setHeader('Content-Type', 'application/json');
      response.end(`{"data":[${[1, 2, 3].map(record)}]}`);
    });
    const fields = [
      { from: 'at.level', to: 'level', type: 'number' },
      { from: 'at.tags[0].x', to: 'x', type: 'json' },
      { from: 'id', type: 'json' },
    ];
    let sent = '';
    const receiver = await webServer((request, response) => {
      request.on('data', (chunk) => (sent += String(chunk)));
      request.on('end', () => response.end());
    });
    const id = await at.api.createWrapper({
      source: { type: 'API', request: { url: upstream.url }, records: '$.data[*]' },
      mapping: { fields, key: ['id'] },
      destination: { type: 'http', url: receiver.url },
    });
    expect((await at.api.execute(id)).body).toMatchObject({ success: false, data_points_sent: null });
    const first = (await newestExecution(id)).execution_id;
    const { items } = await quarantine(id, first);
    expect(items[0]).toEqual({
      row: 1,
      reason: 'field "at.level": "1 m" is not a number',
      raw: record(1),
      redrivable: true,
    });
    await upstream.close();
    const mapping = { fields: [{ ...fields[0], match: '^\\d+' }, ...fields.slice(1)], key: ['id'] };
    await map(id, mapping);
    expect((await redrive(id, first)).body).toMatchObject({ data_points_sent: 3, still_quarantined: 0 });
    await receiver.close();
    expect(sent).toContain(`"data":{"level":3,"x":0.1234567890123456789,"id":${big.slice(0, -1)}3}`);
  });

  test('of an unknown execution or wrapper is 404', async () => {
    const id = await at.api.wrapperOf(oddCsv(3));
    expect(await redrive(id, `${id}-7`)).toMatchObject({ status: 404, body: { detail: 'Execution not found' } });
    expect(await redrive('nobody', 'nobody-1')).toMatchObject({ status: 404, body: { detail: 'Wrapper not found' } });
  });
});

test('a file of which nothing fits is a failed run, until it is read by another mapping', async () => {
  const id = await at.api.wrapperOf('id,value\n1,a\n2,b\n', { mapping: strict });
  const { status, body } = await at.api.execute(id);
  expect([status, body.success, body.data_points_sent]).toEqual([200, false, null]);
  expect(body.message).toMatch(/^None of 2 records fits the mapping; the first: row 2: field "value": "a" is not/);
  expect((await at.api.get(id, '/health')).body.health_status).toBe('CRASHED');
  expect((await quarantine(id, `${id}-1`)).items).toHaveLength(2);
  await map(id, mended);
  expect((await redrive(id, `${id}-1`)).body).toMatchObject({ success: true });
});

test('rows that fit by other options of their source are re-driven', async () => {
  const file_id = await at.api.upload('id,value\n1,2\n2,missing\n3,"4,5"\n4,6\n');
  const definition = (options: object) => ({
    source: { type: 'CSV', location: { file_id }, options },
    mapping: strict,
  });
  const id = await at.api.createWrapper(definition({ decimal: '.' }));
  await at.api.execute(id);
  const { name, destination } = (await at.api.get(id)).body;
  const changed = { name, destination, ...definition({ decimal: ',', null_words: ['missing'] }) };
  expect((await at.api.call('PUT', `/resources/wrappers/${id}`, changed)).status).toBe(200);
  expect((await redrive(id, `${id}-1`)).body).toMatchObject({ data_points_sent: 2, still_quarantined: 0 });
  expect(await at.api.received(id)).toMatchObject(eachOnce(4));
});

describe('max_quarantined', () => {
  test('as many rows as it allows do not end the run, which is DEGRADED while they are recent', async () => {
    const rows = oddCsv(200);
    const id = await at.api.wrapperOf(rows, { mapping: strict, batch_size: 10, max_quarantined: 41 });
    await at.api.behave({ latency_ms: 100 });
    await at.api.begin(id);
    await eventually(
      () => at.api.received(id),
      ({ points }) => points > 20,
    );
    expect((await at.api.get(id, '/health')).body).toMatchObject({
      health_status: 'DEGRADED',
      is_actively_executing: true,
    });
    expect((await at.api.get(id, '/monitoring')).body.monitoring_details.reason_code).toBe('ROWS_QUARANTINED');
    await at.api.becomes('completed', id);
    expect(await newestExecution(id)).toMatchObject({ quarantined: 41, data_points_sent: 159 });
  });

  test('one more ends it: what fitted is delivered, the checkpoint kept, and a mended mapping finishes the rest', async () => {
    const id = await at.api.wrapperOf(oddCsv(200), { mapping: strict, batch_size: 10, max_quarantined: 40 });
    const { body } = await at.api.execute(id);
    expect(body).toMatchObject({ success: false, data_points_sent: null });
    expect(body.message).toMatch(
      /^41 rows did not fit, more than max_quarantined \(40\); the first: row 4 has 3 fields.*\?from=start$/,
    );
    expect((await at.api.get(id, '/health')).body.health_status).toBe('CRASHED');
    const before = await at.api.received(id);
    expect((await at.api.execute(id)).body).toEqual({ ...body, execution_time: expect.any(String) });
    expect(await at.api.received(id)).toEqual(before);
    const first = `${id}-1`;
    expect((await quarantine(id, first)).items).toHaveLength(41);
    await map(id, mended);
    expect((await redrive(id, first)).body).toMatchObject({
      success: true,
      data_points_sent: 40,
      still_quarantined: 1,
    });
    expect((await at.api.execute(id)).body).toMatchObject({ success: true, data_points_sent: 0 });
    expect(await at.api.received(id)).toMatchObject(eachOnce(199));
  });

  test('of 0 ends the run at the first row that does not fit', async () => {
    const id = await at.api.wrapperOf('id,value\n1,2\n2,x\n3,4\n', {
      mapping: strict,
      batch_size: 1,
      max_quarantined: 0,
    });
    expect((await at.api.execute(id)).body.message).toMatch(/^1 row did not fit, more than max_quarantined \(0\)/);
    expect(await at.api.received(id)).toMatchObject(eachOnce(1));
  });
});
