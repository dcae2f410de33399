import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
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

const csvAt = (location: object) => ({ source: { type: 'CSV', location } });
const wrapperAt = (location: object, more: object = {}) =>
  at.api.createCsvWrapper('', { ...csvAt(location), batch_size: 500, ...more });
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
    const { offset } = checkpoint.position;
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

  test('W-14: a file replaced half-way is 400 and asks for ?from=start, which reads the new one', async () => {
    const id = await stoppedHalfWay(ourFile());
    const before = await at.api.received(id);
    files.content = Buffer.from(csvOf(700, 1_000_000));
    const { status, body } = await at.api.execute(id);
    expect(status).toBe(400);
    expect(body.detail).toMatch(/^Execution error: file changed since the checkpoint.*\?from=start/);
    expect(await at.api.received(id)).toEqual(before);
    expect((await at.api.get(id)).body).toMatchObject({ status: 'error', data_points_count: before.points });
    expect((await at.api.execute(id, '?from=start')).body).toMatchObject({ success: true, data_points_sent: 700 });
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

  test('W-14: after completion a new version is read from its first row', async () => {
    files.content = Buffer.from(csvOf(10));
    const id = await wrapperAt(ourFile());
    await at.api.execute(id);
    expect((await at.api.execute(id)).body.data_points_sent).toBe(0);
    files.content = Buffer.from(csvOf(25));
    expect((await at.api.execute(id)).body).toMatchObject({ success: true, data_points_sent: 25 });
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

  test('W-11: what a file server answers decides between 400, 503 and a failed run', async () => {
    const answers = async (mode: FileServer['mode']) => {
      const server = await fileServer(csvOf(10));
      server.mode = mode;
      try {
        const { status, body } = await at.api.execute(await wrapperAt({ url: `${server.url}/x.csv` }));
        // One that takes eight seconds to fail is not tried again: execute waits for its answer.
        if (mode === 'hang') expect(server.ranges).toHaveLength(1);
        return [mode, status, body.detail ?? body.message];
      } finally {
        await server.close();
      }
    };
    const refused = await wrapperAt({ url: 'http://127.0.0.1:9/x.csv' });
    const refusal = at.api.execute(refused);
    expect(await Promise.all(([404, 410, 401, 403, 500, 418, 'hang'] as const).map(answers))).toEqual([
      [404, 400, 'Execution error: Wrapper file not found'],
      [410, 400, 'Execution error: Wrapper file not found'],
      [401, 400, 'Execution error: Data source connection failed: HTTP 401'],
      [403, 400, 'Execution error: Data source connection failed: HTTP 403'],
      [500, 200, 'HTTP 500 from source'],
      [418, 200, 'HTTP 418 from source'],
      ['hang', 503, 'Service unavailable: Connection timeout'],
    ]);
    expect(await refusal).toMatchObject({ status: 503, body: { detail: 'Service unavailable: Connection refused' } });
    expect((await at.api.get(refused)).body).toMatchObject({ status: 'error', error_message: 'Connection refused' });
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
