import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  type _Object,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  type GetObjectCommandInput,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type LoopbackServer, listenOnLoopback } from '../../../local/listen-on-loopback.ts';
import { s3Server } from '../../../local/storage/s3/s3-server.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const credentials = { accessKeyId: 'local', secretAccessKey: 'local-secret' };
const directory = temporaryDirectory();
const logged: string[] = [];
let clock = () => Date.now();
let server: LoopbackServer;
let s3: S3Client;

const start = async () => {
  server = await listenOnLoopback(
    s3Server({
      directory: directory.path,
      buckets: ['files', 'other'],
      credentials,
      now: () => clock(),
      log: (line) => logged.push(line),
    }),
  );
  s3 = clientWith(credentials);
};
const stop = async () => {
  s3.destroy();
  await server.close();
};
const clientWith = (keys: typeof credentials) =>
  new S3Client({ endpoint: server.url, region: 'us-east-1', credentials: keys, maxAttempts: 1 });

beforeAll(start);
afterEach(() => {
  clock = () => Date.now();
});
afterAll(async () => {
  await stop();
  directory.remove();
});

const put = (Key: string, Body: PutObjectCommandInput['Body'], rest: Partial<PutObjectCommandInput> = {}) =>
  s3.send(new PutObjectCommand({ Bucket: 'files', Key, Body, ...rest }));
const get = (Key: string, rest: Partial<GetObjectCommandInput> = {}) =>
  s3.send(new GetObjectCommand({ Bucket: 'files', Key, ...rest }));
const text = async (Key: string, rest: Partial<GetObjectCommandInput> = {}) =>
  (await get(Key, rest)).Body?.transformToString();
const md5 = (bytes: Buffer | string) => `"${createHash('md5').update(bytes).digest('hex')}"`;

describe('an object', () => {
  test('comes back as it was put, with its type and its MD5 as ETag', async () => {
    const { ETag } = await put('plain.csv', 'a,b\n1,2\n', { ContentType: 'text/csv', Metadata: { origin: 'test' } });
    const object = await get('plain.csv');
    expect(await object.Body?.transformToString()).toBe('a,b\n1,2\n');
    expect(object).toMatchObject({ ETag, ContentLength: 8, ContentType: 'text/csv', Metadata: { origin: 'test' } });
    expect(ETag).toBe(md5('a,b\n1,2\n'));
  });

  test('may be empty', async () => {
    await put('empty', '', { ContentLength: 0 });
    expect(await text('empty')).toBe('');
    expect(await s3.send(new HeadObjectCommand({ Bucket: 'files', Key: 'empty' }))).toMatchObject({ ContentLength: 0 });
  });

  test('may be streamed with a checksum after the body, in pieces cut anywhere', async () => {
    const bytes = randomBytes(3_000_000);
    const pieces = Readable.from([bytes.subarray(0, 1), bytes.subarray(1, 70_000), bytes.subarray(70_000)]);
    await put('streamed', pieces, { ContentLength: bytes.length });
    expect(Buffer.from((await (await get('streamed')).Body?.transformToByteArray()) ?? []).equals(bytes)).toBe(true);
    expect((await get('streamed')).ContentEncoding).toBeUndefined();
  });

  test.each(['a b/ü+&=?#%2F.csv', '../../etc/passwd', '__proto__', 'trailing/', `deep/${'x'.repeat(900)}`, './.'])(
    'may be called %j',
    async (key) => {
      await put(key, key);
      expect(await text(key)).toBe(key);
    },
  );

  test('is gone after delete, and deleting it again does no harm', async () => {
    await put('short-lived', 'x');
    for (const _time of [1, 2]) await s3.send(new DeleteObjectCommand({ Bucket: 'files', Key: 'short-lived' }));
    await expect(get('short-lived')).rejects.toMatchObject({ name: 'NoSuchKey', $metadata: { httpStatusCode: 404 } });
    await expect(s3.send(new HeadObjectCommand({ Bucket: 'files', Key: 'short-lived' }))).rejects.toMatchObject({
      name: 'NotFound',
    });
  });

  test('a bucket that does not exist is named as such', async () => {
    await expect(s3.send(new GetObjectCommand({ Bucket: 'nowhere', Key: 'x' }))).rejects.toMatchObject({
      name: 'NoSuchBucket',
    });
    await expect(s3.send(new HeadBucketCommand({ Bucket: 'files' }))).resolves.toBeDefined();
  });
});

describe('a range', () => {
  beforeAll(() => put('digits', '0123456789'));

  test.each([
    ['bytes=2-4', '234', 'bytes 2-4/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-3', '789', 'bytes 7-9/10'],
    ['bytes=8-100', '89', 'bytes 8-9/10'],
    ['bytes=0-0', '0', 'bytes 0-0/10'],
    ['bytes=-100', '0123456789', 'bytes 0-9/10'],
  ])('%s answers %j', async (Range, expected, ContentRange) => {
    const part = await get('digits', { Range });
    expect(await part.Body?.transformToString()).toBe(expected);
    expect(part).toMatchObject({ ContentRange, $metadata: { httpStatusCode: 206 } });
  });

  test.each(['bytes=10-', 'bytes=99-100'])('%s is not satisfiable', async (Range) => {
    await expect(get('digits', { Range })).rejects.toMatchObject({
      name: 'InvalidRange',
      $metadata: { httpStatusCode: 416 },
    });
  });

  test.each(['bytes=4-2', 'lines=1-2', 'bytes=0-1,3-4'])('%s is ignored', async (Range) => {
    expect(await text('digits', { Range })).toBe('0123456789');
  });
});

describe('a condition', () => {
  test('If-Match reads one version only', async () => {
    const { ETag: first } = await put('versioned', 'one');
    expect(await text('versioned', { IfMatch: first })).toBe('one');
    await put('versioned', 'two');
    await expect(get('versioned', { IfMatch: first })).rejects.toMatchObject({ $metadata: { httpStatusCode: 412 } });
  });

  test('If-None-Match reads only what is new', async () => {
    const { ETag } = await put('cached', 'one');
    await expect(get('cached', { IfNoneMatch: ETag })).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
    expect(await text('cached', { IfNoneMatch: '"other"' })).toBe('one');
  });

  test('If-Modified-Since and If-Unmodified-Since compare whole seconds', async () => {
    await put('dated', 'x');
    const { LastModified } = await get('dated');
    const before = new Date((LastModified?.getTime() ?? 0) - 1000);
    expect(await text('dated', { IfUnmodifiedSince: LastModified, IfModifiedSince: before })).toBe('x');
    await expect(get('dated', { IfUnmodifiedSince: before })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 412 },
    });
    await expect(get('dated', { IfModifiedSince: LastModified })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 304 },
    });
  });

  test('If-None-Match: * lets exactly one of many concurrent writers through', async () => {
    const attempts = Array.from({ length: 8 }, (_, n) => put('once', `writer ${n}`, { IfNoneMatch: '*' }));
    const settled = await Promise.allSettled(attempts);
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refused = settled.find((result) => result.status === 'rejected');
    expect(refused?.reason).toMatchObject({ name: 'PreconditionFailed' });
  });

  test('If-Match replaces one version only', async () => {
    const { ETag } = await put('replaced', 'one');
    await put('replaced', 'two', { IfMatch: ETag });
    await expect(put('replaced', 'three', { IfMatch: ETag })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await expect(put('never-there', 'x', { IfMatch: ETag })).rejects.toMatchObject({ name: 'NoSuchKey' });
    expect(await text('replaced')).toBe('two');
  });
});

describe('a list', () => {
  const list = (rest: Partial<ListObjectsV2CommandInput>) =>
    s3.send(new ListObjectsV2Command({ Bucket: 'other', ...rest }));
  const keys = (contents: readonly _Object[] | undefined) => contents?.map(({ Key }) => Key);

  beforeAll(async () => {
    for (const Key of ['b/2', 'a', 'b/1', 'b/c/3', 'd&<é>', '\u{1F600}', '\uFF5E']) {
      await s3.send(new PutObjectCommand({ Bucket: 'other', Key, Body: Key }));
    }
  });

  test('has every key in the order of its bytes', async () => {
    const all = await list({});
    expect(keys(all.Contents)).toEqual(['a', 'b/1', 'b/2', 'b/c/3', 'd&<é>', '\uFF5E', '\u{1F600}']);
    expect(all.Contents?.[0]).toMatchObject({ Size: 1, ETag: md5('a') });
  });

  test('can be narrowed by prefix and folded at a delimiter', async () => {
    expect(keys((await list({ Prefix: 'b/' })).Contents)).toEqual(['b/1', 'b/2', 'b/c/3']);
    const folded = await list({ Delimiter: '/', Prefix: 'b/' });
    expect([keys(folded.Contents), folded.CommonPrefixes]).toEqual([['b/1', 'b/2'], [{ Prefix: 'b/c/' }]]);
    expect((await list({ StartAfter: 'b/2', MaxKeys: 1 })).Contents).toMatchObject([{ Key: 'b/c/3' }]);
  });

  test('comes in pages that leave nothing out', async () => {
    const seen: unknown[] = [];
    let token: string | undefined;
    do {
      const page = await list({ MaxKeys: 2, ...(token !== undefined && { ContinuationToken: token }) });
      seen.push(...(keys(page.Contents) ?? []));
      token = page.NextContinuationToken;
    } while (token !== undefined);
    expect(seen).toHaveLength(7);
    expect(new Set(seen).size).toBe(7);
  });
});

describe('a presigned PUT', () => {
  const presign = (Key: string, ContentLength: number, expiresIn = 60) =>
    getSignedUrl(s3, new PutObjectCommand({ Bucket: 'files', Key, ContentLength }), {
      expiresIn,
      signableHeaders: new Set(['content-length', 'host']),
    });
  const upload = (url: string, body: string, headers = {}) => fetch(url, { method: 'PUT', body, headers });

  test('stores what it was signed for, without credentials', async () => {
    const response = await upload(await presign('uploads/1', 5), 'hello', { 'content-type': 'text/csv' });
    expect([response.status, response.headers.get('etag')]).toEqual([200, md5('hello')]);
    expect(await text('uploads/1')).toBe('hello');
  });

  test.each([
    ['a longer body', async () => upload(await presign('uploads/2', 5), 'hello!')],
    ['a shorter body', async () => upload(await presign('uploads/2', 5), 'hell')],
    ['another key', async () => upload((await presign('uploads/2', 5)).replace('uploads/2', 'uploads/3'), 'hello')],
    [
      'a longer expiry',
      async () => upload((await presign('uploads/2', 5)).replace('Expires=60', 'Expires=6000'), 'hello'),
    ],
    ['another method', async () => fetch(await presign('uploads/1', 5), { method: 'GET' })],
  ])('takes no %s', async (_name, attempt) => {
    const response = await attempt();
    expect([response.status, await response.text()]).toEqual([403, expect.stringContaining('SignatureDoesNotMatch')]);
  });

  test('takes no header that could change its meaning', async () => {
    const response = await upload(await presign('uploads/2', 5), 'hello', { 'x-amz-copy-source': '/files/secret' });
    expect([response.status, await response.text()]).toEqual([403, expect.stringContaining('not signed')]);
  });

  test('expires', async () => {
    const url = await presign('uploads/4', 5);
    clock = () => Date.now() + 62_000;
    const response = await upload(url, 'hello');
    expect([response.status, await response.text()]).toEqual([403, expect.stringContaining('Request has expired')]);
  });

  test('a presigned GET reads, with a range of its own', async () => {
    await put('shared', '0123456789');
    const url = await getSignedUrl(s3, new GetObjectCommand({ Bucket: 'files', Key: 'shared' }));
    const response = await fetch(url, { headers: { range: 'bytes=3-5' } });
    expect([response.status, await response.text()]).toEqual([206, '345']);
  });
});

describe('a request is refused', () => {
  test('without a signature', async () => {
    expect((await fetch(`${server.url}/files/plain.csv`)).status).toBe(403);
  });

  test.each([
    ['SignatureDoesNotMatch', { ...credentials, secretAccessKey: 'wrong' }],
    ['InvalidAccessKeyId', { ...credentials, accessKeyId: 'stranger' }],
  ])('%s with wrong credentials', async (name, keys) => {
    const stranger = clientWith(keys);
    await expect(stranger.send(new GetObjectCommand({ Bucket: 'files', Key: 'x' }))).rejects.toMatchObject({ name });
    stranger.destroy();
  });

  test('that was signed long ago', async () => {
    clock = () => Date.now() + 16 * 60_000;
    await expect(get('plain.csv')).rejects.toMatchObject({ name: 'RequestTimeTooSkewed' });
  });

  test('whose body is not what its checksum says', async () => {
    await expect(put('damaged', 'x', { ChecksumCRC32: 'AAAAAA==' })).rejects.toMatchObject({ name: 'BadDigest' });
    await expect(put('damaged', 'x', { ContentMD5: md5('y') })).rejects.toMatchObject({ name: 'BadDigest' });
    await expect(get('damaged')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  test('that this engine does not know, by name', async () => {
    const copy = new CopyObjectCommand({ Bucket: 'files', Key: 'copy', CopySource: 'files/plain.csv' });
    await expect(s3.send(copy)).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringContaining('CopyObject'),
    });
    const multipart = new CreateMultipartUploadCommand({ Bucket: 'files', Key: 'parts' });
    await expect(s3.send(multipart)).rejects.toMatchObject({ message: expect.stringContaining('?uploads') });
  });
});

describe('on disk', () => {
  const files = (folder: string) => readdirSync(join(directory.path, 'files', folder));

  test('a cut upload leaves nothing, and the object that was there stays', async () => {
    await put('cut', 'whole');
    const before = files('bodies').length;
    const url = new URL(await getSignedUrl(s3, new PutObjectCommand({ Bucket: 'files', Key: 'cut' })));
    const socket = connect(server.port, '127.0.0.1');
    socket.write(
      `PUT ${url.pathname}${url.search} HTTP/1.1\r\nhost: ${url.host}\r\ncontent-length: 1000000\r\n\r\nhalf`,
    );
    while (files('bodies').length === before) await new Promise(setImmediate);
    socket.destroy();
    await once(socket, 'close');
    while (files('bodies').length > before) await new Promise(setImmediate);
    expect(await text('cut')).toBe('whole');
  });

  test('everything survives a restart, and what a killed PUT left is swept', async () => {
    await put('lasting', 'here', { ContentType: 'text/plain' });
    const objects = files('index').length;
    writeFileSync(join(directory.path, 'files', 'bodies', 'left-over'), 'half');
    await stop();
    await start();
    expect(await text('lasting')).toBe('here');
    expect((await get('lasting')).ContentType).toBe('text/plain');
    expect(files('bodies')).toHaveLength(objects);
  });
});
