import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { awsChunked } from './aws-chunked.ts';
import { notImplemented, S3Error } from './s3-error.ts';
import type { S3Request } from './s3-request.ts';

/** A single PUT's limit in S3. */
const MAX_BYTES = 5 * 1024 ** 3;

/** Takes the body in pieces; afterwards tells its checksum as the header spells it. */
type Checksum = { update(chunk: Buffer): void; digest(): string };

type Expectation = { readonly checksum: Checksum; readonly value: () => string | undefined; readonly code: string };

/** The body as it is to be stored; throws `S3Error` when it is not what its headers promised: length, hash, checksum. */
export async function* checkedBody(request: S3Request): AsyncGenerator<Buffer, void> {
  const { headers } = request;
  const declared = Number(headers['x-amz-decoded-content-length'] ?? headers['content-length']);
  if (Number.isNaN(declared))
    throw new S3Error(411, 'MissingContentLength', 'You must provide the Content-Length HTTP header.');
  if (declared > MAX_BYTES) {
    throw new S3Error(400, 'EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size.');
  }
  const trailers = new Map<string, string>();
  const expectations = expectationsOf(headers, trailers);
  let size = 0;
  for await (const chunk of isChunked(headers) ? awsChunked(request.body, trailers) : request.body) {
    size += chunk.length;
    for (const { checksum } of expectations) checksum.update(chunk);
    yield chunk;
  }
  if (size !== declared)
    throw new S3Error(400, 'IncompleteBody', `The body has ${size} bytes, ${declared} were declared.`);
  for (const { checksum, value, code } of expectations) {
    if (checksum.digest() !== value())
      throw new S3Error(400, code, 'The checksum you gave did not match what was received.');
  }
}

function isChunked(headers: S3Request['headers']): boolean {
  const payload = headers['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD';
  if (payload.startsWith('STREAMING-') && payload !== 'STREAMING-UNSIGNED-PAYLOAD-TRAILER')
    throw notImplemented(payload);
  return payload.startsWith('STREAMING-');
}

function expectationsOf(headers: S3Request['headers'], trailers: ReadonlyMap<string, string>): readonly Expectation[] {
  const found: Expectation[] = [];
  const expect = (checksum: Checksum, value: () => string | undefined, code = 'BadDigest') => {
    found.push({ checksum, value, code });
  };
  const payload = headers['x-amz-content-sha256'];
  if (payload !== undefined && /^[0-9a-f]{64}$/.test(payload)) {
    expect(hashed('sha256', 'hex'), () => payload, 'XAmzContentSHA256Mismatch');
  }
  if (headers['content-md5'] !== undefined) expect(hashed('md5', 'base64'), () => headers['content-md5']);
  const trailing = headers['x-amz-trailer'] ?? '';
  const names = [...Object.keys(headers), trailing].filter((name) => name.startsWith('x-amz-checksum-'));
  for (const name of names) expect(checksumNamed(name), () => headers[name] ?? trailers.get(name));
  return found;
}

function checksumNamed(header: string): Checksum {
  switch (header) {
    case 'x-amz-checksum-crc32':
      return crc();
    case 'x-amz-checksum-sha1':
      return hashed('sha1', 'base64');
    case 'x-amz-checksum-sha256':
      return hashed('sha256', 'base64');
    default:
      throw notImplemented(header);
  }
}

function hashed(algorithm: string, encoding: 'hex' | 'base64'): Checksum {
  const hash = createHash(algorithm);
  return { update: (chunk) => void hash.update(chunk), digest: () => hash.digest(encoding) };
}

function crc(): Checksum {
  let value = 0;
  return {
    update(chunk) {
      value = crc32(chunk, value);
    },
    digest() {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      return bytes.toString('base64');
    },
  };
}
