import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { FileLocation, RemoteFile } from '../../../lambdas/domain/file.ts';
import { FileChanged } from '../../../lambdas/domain/file-changed.ts';
import { openFiles } from '../../../lambdas/platform/files/open-files.ts';
import { addressPolicy } from '../../../lambdas/platform/http/address-policy.ts';
import { guardedClient } from '../../../lambdas/platform/http/guarded-client.ts';
import { putObject } from '../../../lambdas/platform/put-object.ts';
import { type Storage, startStorage } from '../../../local/storage/start-storage.ts';
import { leapingClock } from '../../support/leaping-clock.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { webServer } from '../../support/web-server.ts';

const credentials = { accessKeyId: 'local', secretAccessKey: 'local-secret' };
const fileId = '0b6f1c52-7f43-4f0e-9d15-1f9f4a3b7c11';
const directory = temporaryDirectory();
const client = guardedClient(addressPolicy([]));
let storage: Storage;
let s3: S3Client;

beforeAll(async () => {
  const buckets = ['files', 'listed', 'unlisted'];
  storage = await startStorage({ dataDir: directory.path, tables: [], buckets, credentials, log: () => undefined });
  s3 = clientAt(storage.s3Url);
});
afterAll(async () => {
  s3.destroy();
  await client.close();
  await storage.close();
  directory.remove();
});

const clientAt = (endpoint: string) => new S3Client({ endpoint, region: 'eu-west-1', credentials, maxAttempts: 1 });
const put = async (Bucket: string, Key: string, Body: string) =>
  (await s3.send(new PutObjectCommand({ Bucket, Key, Body, ContentLength: Body.length }))).ETag ?? '';
const open = (location: FileLocation, at = s3, clock = leapingClock()) =>
  openFiles({ client, uploads: 'files', readBuckets: ['listed', 'missing'], s3: at, clock })(location);
const signal = () => AbortSignal.timeout(5000);

async function text(file: RemoteFile, range: { version: string; offset?: number; end?: number }): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of file.read({ offset: 0, ...range }, signal())) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe.each<[string, FileLocation, string, string]>([
  ['an uploaded file', { file_id: fileId }, 'files', `uploads/${fileId}`],
  ['a file in a listed bucket', { s3: 's3://listed/path/to a/file.csv' }, 'listed', 'path/to a/file.csv'],
])('%s', (_name, location, bucket, key) => {
  test('is read from any byte on, in the version that was seen', async () => {
    const etag = await put(bucket, key, '0123456789');
    const file = open(location);
    expect(await file.stat(signal())).toEqual({ version: etag, size: 10 });
    expect(await text(file, { version: etag, offset: 3, end: 7 })).toBe('3456');
    expect(await text(file, { version: etag, offset: 8 })).toBe('89');
    expect(await text(file, { version: etag, offset: 10 })).toBe('');
  });

  test('is refused once it is another version', async () => {
    const etag = await put(bucket, key, '0123456789');
    await put(bucket, key, '0123456780');
    const reading = text(open(location), { version: etag, offset: 3, end: 7 });
    await expect(reading).rejects.toBeInstanceOf(FileChanged);
  });

  test('may be empty', async () => {
    const etag = await put(bucket, key, '');
    expect(await open(location).stat(signal())).toEqual({ version: etag, size: 0 });
    expect(await text(open(location), { version: etag })).toBe('');
  });
});

test.each<[string, FileLocation]>([
  ['an unknown file id', { file_id: '7a0e3f3c-4a0b-4a52-8f3b-2f6a7b8c9d00' }],
  ['an unknown key', { s3: 's3://listed/nothing' }],
  ['an unknown bucket', { s3: 's3://missing/nothing' }],
])('%s is not found', async (_name, location) => {
  const message = 'Wrapper file not found';
  await expect(open(location).stat(signal())).rejects.toMatchObject({ kind: 'refused', message });
  await expect(text(open(location), { version: '"x"', end: 5 })).rejects.toMatchObject({ kind: 'refused', message });
});

test('a bucket that is not listed is forbidden, even the one of the uploads', async () => {
  await put('unlisted', 'there', 'x');
  for (const bucket of ['unlisted', 'files']) {
    const message = `Forbidden address: s3://${bucket} is not a bucket that may be read (setting readBuckets)`;
    await expect(open({ s3: `s3://${bucket}/there` }).stat(signal())).rejects.toMatchObject({
      kind: 'refused',
      message,
    });
  }
});

test('an error that lasts fails the run, a refused connection may be tried later', async () => {
  const server = await webServer((_request, response) => response.writeHead(503).end());
  const ill = clientAt(server.url);
  const clock = leapingClock();
  await expect(open({ file_id: fileId }, ill, clock).stat(signal())).rejects.toMatchObject({
    message: 'HTTP 503 from source',
  });
  expect(clock.slept.length).toBeGreaterThan(2);
  await server.close();
  await expect(open({ file_id: fileId }, ill).stat(signal())).rejects.toMatchObject({
    name: 'RetryableError',
    message: 'Connection refused',
  });
  ill.destroy();
});

describe('putting an object', () => {
  const object = { bucket: 'listed', key: 'w/b.ndjson', body: '{}\n', contentType: 'application/x-ndjson' };

  test('stores it', async () => {
    expect(await putObject(['listed'], s3)({ ...object, signal: signal() })).toEqual({ stored: true });
    const { version } = await open({ s3: 's3://listed/w/b.ndjson' }).stat(signal());
    expect(await text(open({ s3: 's3://listed/w/b.ndjson' }), { version })).toBe('{}\n');
  });

  test('in a bucket that is not listed is forbidden', async () => {
    const putting = putObject(['listed'], s3)({ ...object, bucket: 'files', signal: signal() });
    await expect(putting).rejects.toMatchObject({
      kind: 'refused',
      message: expect.stringMatching(/^Forbidden address: s3:\/\/files /),
    });
  });

  test('in a bucket that does not exist can not mend itself', async () => {
    const answer = await putObject(['missing'], s3)({ ...object, bucket: 'missing', signal: signal() });
    expect(answer).toEqual({ notStored: 'NoSuchBucket', mendable: false });
  });

  test('may be tried again after trouble, and ends with the signal', async () => {
    const server = await webServer((_request, response) => response.writeHead(503).end());
    const silent = await webServer(() => undefined);
    const [ill, mute] = [clientAt(server.url), clientAt(silent.url)];
    expect(await putObject(['listed'], ill)({ ...object, signal: signal() })).toMatchObject({ mendable: true });
    const cut = await putObject(['listed'], mute)({ ...object, signal: AbortSignal.timeout(50) });
    expect(cut).toEqual({ notStored: 'no answer in time', mendable: true });
    for (const thing of [ill, mute]) thing.destroy();
    await Promise.all([server.close(), silent.close()]);
  });
});
