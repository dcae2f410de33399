import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { error, formatted, type XlsxCell, xlsxFile } from '../support/xlsx-file.ts';
import { csvOf, eachOnce } from './support/csv.ts';
import { eventually } from './support/eventually.ts';
import { type FileServer, fileServer } from './support/file-server.ts';
import { useStack } from './support/use-stack.ts';

const ROWS = 30_000;
const LOOKS = 200 * 1024;
const at = useStack();
let files: FileServer;
beforeEach(async () => {
  files = await fileServer(csvOf(ROWS));
});
afterEach(() => files.close());

const wrapperAt = (location: object, more: object = {}) =>
  at.api.createWrapper({ source: { type: 'CSV', location }, batch_size: 500, ...more });
const ourFile = () => ({ url: `${files.url}/stations.csv` });

/** Stops a run of the file in its middle; answers the wrapper's id. */
async function stoppedHalfWay(location: object): Promise<string> {
  const id = await wrapperAt(location);
  await at.api.behave({ latency_ms: 50 });
  await at.api.begin(id);
  await eventually(
    () => at.api.received(id),
    ({ points }) => points >= ROWS / 2,
  );
  await at.api.stop(id);
  await at.api.behave({});
  return id;
}

describe('A file at an address', () => {
  test('W-14: a resumed run starts at its byte and does not read from the beginning', async () => {
    const id = await stoppedHalfWay(ourFile());
    const { checkpoint, data_points_count } = (await at.api.get(id)).body;
    expect(data_points_count).toBeLessThan(ROWS);
    files.ranges.length = 0;
    files.sent = 0;
    expect((await at.api.execute(id)).body).toMatchObject({
      success: true,
      data_points_sent: ROWS - data_points_count,
    });
    const offset = Number(checkpoint.position.offset);
    expect(files.ranges.some((range) => range.startsWith(`bytes=${offset}-`))).toBe(true);
    // Besides the rest of it, looks at its header and at samples.
    expect(files.sent).toBeLessThanOrEqual(files.content.length - offset + LOOKS);
    expect(LOOKS).toBeLessThan(offset);
    expect(await at.api.received(id)).toMatchObject(eachOnce(ROWS));
  });

  test('a connection that breaks again and again is taken up where it broke', async () => {
    files.mode = 'cut';
    const id = await wrapperAt(ourFile());
    expect((await at.api.execute(id)).body).toMatchObject({ success: true, data_points_sent: ROWS });
    expect(files.ranges.length).toBeGreaterThan(4);
    expect(await at.api.received(id)).toMatchObject(eachOnce(ROWS));
  });

  test('a server without ranges serves a resumed run too', async () => {
    files.mode = 'no ranges';
    const id = await stoppedHalfWay(ourFile());
    expect((await at.api.execute(id)).body.success).toBe(true);
    expect(await at.api.received(id)).toMatchObject(eachOnce(ROWS));
  });

  test('W-14: a file replaced while it is read is noticed by its ETag, and nothing of it is mixed in', async () => {
    files.mode = 'cut';
    await at.api.behave({ latency_ms: 50 });
    const id = await wrapperAt(ourFile());
    await at.api.begin(id);
    await eventually(
      () => at.api.received(id),
      ({ points }) => points >= 1000,
    );
    files.content = Buffer.from(csvOf(ROWS, 1_000_000));
    const { error_message } = await at.api.becomes('error', id);
    expect(error_message).toMatch(/^file changed since the checkpoint.*\?from=start/);
    await at.api.behave({});
    expect((await at.api.execute(id)).status).toBe(400);
    files.content = Buffer.from(csvOf(ROWS));
    files.mode = 'ranges';
    expect((await at.api.execute(id)).body.success).toBe(true);
    expect(await at.api.received(id)).toMatchObject({ unique_points: ROWS, bad_duplicates: 0 });
  });

  test('W-15: a continuous wrapper takes a new version of its file at its next look', async () => {
    files.content = Buffer.from(csvOf(10));
    const id = await wrapperAt(ourFile(), { mode: 'continuous', interval_seconds: 1 });
    expect((await at.api.execute(id)).body.data_points_sent).toBe(10);
    files.content = Buffer.from(csvOf(25, 100));
    const received = await eventually(
      () => at.api.received(id),
      ({ points }) => points >= 35,
    );
    expect(received).toMatchObject(eachOnce(35));
    await at.api.stop(id);
  });

  test('W-15: a continuous wrapper waits for a file that is missing for a while, DEGRADED, and goes on', async () => {
    files.content = Buffer.from(csvOf(10));
    const id = await wrapperAt(ourFile(), { mode: 'continuous', interval_seconds: 1 });
    await at.api.execute(id);
    files.mode = 404;
    const { body } = await eventually(
      () => at.api.get(id, '/monitoring'),
      (answer) => answer.body.health_status === 'DEGRADED',
    );
    const [error] = body.monitoring_details.recent_errors;
    expect(error?.message).toBe('Wrapper file not found');
    files.content = Buffer.from(csvOf(25, 100));
    files.mode = 'ranges';
    const received = await eventually(
      () => at.api.received(id),
      ({ points }) => points >= 35,
    );
    expect(received).toMatchObject(eachOnce(35));
    const { body: logs } = await at.api.get(id, '/logs');
    expect(logs.items).toEqual([expect.stringMatching(/WARN .* waits for an outage to end: Wrapper file not found/)]);
    await at.api.stop(id);
  });

  test('W-11: a source lost for good in the middle is a failed run, which goes on when it is back', async () => {
    const id = await wrapperAt(ourFile());
    await at.api.behave({ latency_ms: 50 });
    files.mode = 'cut';
    await at.api.begin(id);
    await eventually(
      () => at.api.received(id),
      ({ points }) => points >= 1000,
    );
    files.mode = 'hang';
    const wrapper = await at.api.becomes('error', id, 60_000);
    expect(wrapper.error_message).toBe('Failed to connect to data source');
    expect(wrapper.data_points_count).toBe((await at.api.received(id)).points);
    files.mode = 'ranges';
    await at.api.behave({});
    expect((await at.api.execute(id)).body.success).toBe(true);
    expect(await at.api.received(id)).toMatchObject(eachOnce(ROWS));
  });
});

describe('Files in S3', () => {
  const Bucket = 'headgate-local';
  const s3 = () =>
    new S3Client({
      endpoint: at.stack.s3Url,
      region: 'us-east-1',
      forcePathStyle: true,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });

  test('an object is read, from its byte when the run is resumed', async () => {
    const client = s3();
    await client.send(new PutObjectCommand({ Bucket, Key: 'in/stations.csv', Body: csvOf(ROWS) }));
    client.destroy();
    const id = await stoppedHalfWay({ s3: `s3://${Bucket}/in/stations.csv` });
    expect((await at.api.execute(id)).body.success).toBe(true);
    expect(await at.api.received(id)).toMatchObject(eachOnce(ROWS));
  });

  test('W-11: a key that is not there is Wrapper file not found, a bucket that is not listed a Forbidden address', async () => {
    const missing = await at.api.execute(await wrapperAt({ s3: `s3://${Bucket}/nothing.csv` }));
    expect(missing).toMatchObject({ status: 400, body: { detail: 'Execution error: Wrapper file not found' } });
    const foreign = await at.api.execute(await wrapperAt({ s3: 's3://of-someone-else/x.csv' }));
    expect(foreign.status).toBe(400);
    expect(foreign.body.detail).toMatch(/^Execution error: Forbidden address: s3:\/\/of-someone-else/);
    const target = { destination: { type: 's3', bucket: 'of-someone-else' } };
    const written = await at.api.execute(await at.api.wrapperOf(csvOf(3), target));
    expect(written.body.detail).toMatch(/^Execution error: Forbidden address: s3:\/\/of-someone-else/);
  });

  test('the S3 destination has every row once, in objects named by their batch, also after a stop', async () => {
    const destination = { type: 's3', bucket: Bucket, prefix: 'out/stations' };
    const id = await at.api.wrapperOf(csvOf(ROWS), { destination, batch_size: 100 });
    await at.api.begin(id);
    await eventually(
      () => at.api.get(id),
      ({ body }) => body.data_points_count >= 1000,
    );
    await at.api.stop(id);
    expect((await at.api.execute(id)).body.success).toBe(true);
    expect((await at.api.get(id)).body.data_points_count).toBe(ROWS);

    const client = s3();
    const rows: { id: string; data: { id: string } }[] = [];
    for (let token: string | undefined, more = true; more; more = token !== undefined) {
      const list = new ListObjectsV2Command({ Bucket, Prefix: `out/stations/${id}/`, ContinuationToken: token });
      const { Contents = [], NextContinuationToken } = await client.send(list);
      token = NextContinuationToken;
      for (const { Key = '' } of Contents) {
        expect(Key).toMatch(/\/\d{12}-[0-9a-f]{32}\.ndjson$/);
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
        const text = (await Body?.transformToString()) ?? '';
        rows.push(
          ...text
            .trimEnd()
            .split('\n')
            .map((line) => JSON.parse(line)),
        );
      }
    }
    client.destroy();
    expect(rows).toHaveLength(ROWS);
    expect(new Set(rows.map((row) => row.id)).size).toBe(ROWS);
    expect(new Set(rows.map((row) => row.data.id)).size).toBe(ROWS);
  });
});

describe('An uploaded workbook', () => {
  const header: readonly XlsxCell[] = ['station', 'seen', 'air'];
  const rows = [1, 2, 3].map((row): XlsxCell[] => [`station ${row}`, formatted(1, 44_197 + row), row / 10]);

  async function wrapperFor(more: object, options: object = {}): Promise<string> {
    const content = xlsxFile([header, ...rows, ['broken', null, error('#DIV/0!')]], { formats: ['yyyy-mm-dd'] });
    const location = { file_id: await at.api.upload(content, 'stations.xlsx') };
    return at.api.createWrapper({ source: { type: 'XLSX', location, options }, ...more });
  }

  test('a cell in error quarantines its row when the mapping uses it, and only then', async () => {
    const all = await wrapperFor({});
    expect((await at.api.execute(all)).body).toMatchObject({ success: true, data_points_sent: 3 });
    const [{ execution_id }] = (await at.api.get(all, '/executions')).body.items;
    const { items } = (await at.api.get(all, `/executions/${execution_id}/quarantine`)).body;
    expect(items).toMatchObject([{ row: 5, reason: 'cell C5: #DIV/0!' }]);
    const names = await wrapperFor({ mapping: { fields: [{ from: 'station' }] } });
    expect((await at.api.execute(names)).body).toMatchObject({ success: true, data_points_sent: 4 });
    expect(await at.api.received(names)).toMatchObject(eachOnce(4));
  });

  test('W-11: a sheet that is not there is a configuration that cannot work', async () => {
    const invalid = 'Execution error: Invalid wrapper configuration';
    expect(await at.api.execute(await wrapperFor({}, { sheet: 'Data' }))).toMatchObject({
      status: 400,
      body: { detail: `${invalid}: source.options.sheet: no sheet "Data" (sheets: "Sheet1")` },
    });
  });
});
