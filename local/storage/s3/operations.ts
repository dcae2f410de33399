import type { Readable } from 'node:stream';
import { byteRange } from './byte-range.ts';
import { checkedBody } from './checked-body.ts';
import { listObjects } from './list-objects.ts';
import type { ObjectStore } from './object-store.ts';
import { admitRead, admitWrite, noSuchKey } from './preconditions.ts';
import { notImplemented } from './s3-error.ts';
import type { S3Request } from './s3-request.ts';

export type S3Answer = {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly body?: string | Readable;
};

const KEPT_HEADERS = [
  'content-type',
  'content-encoding',
  'content-disposition',
  'content-language',
  'cache-control',
  'expires',
];
const KNOWN_QUERY =
  /^(x-id|x-amz-.*|list-type|prefix|delimiter|max-keys|continuation-token|start-after|encoding-type|fetch-owner)$/i;

/** Performs what is asked of one bucket; throws `S3Error`, also for all this engine does not do. */
export async function perform(request: S3Request, store: ObjectStore): Promise<S3Answer> {
  const unknown = Object.keys(request.query).find((name) => !KNOWN_QUERY.test(name));
  if (unknown !== undefined) throw notImplemented(`${request.method} with ?${unknown}`);
  const { method, key } = request;
  if (key === '') {
    if (method === 'HEAD') return { status: 200, headers: {} };
    if (method === 'GET')
      return { status: 200, headers: { 'content-type': 'application/xml' }, body: listObjects(store, request) };
    throw notImplemented(`${method} of a bucket`);
  }
  if (method === 'GET' || method === 'HEAD') return read(request, store);
  if (method === 'PUT') return put(request, store);
  if (method === 'DELETE') {
    await store.remove(key);
    return { status: 204, headers: {} };
  }
  throw notImplemented(`${method} of an object`);
}

function read(request: S3Request, store: ObjectStore): S3Answer {
  const object = store.find(request.key);
  if (object === undefined) throw noSuchKey();
  const headers = {
    ...object.headers,
    etag: object.etag,
    'last-modified': new Date(object.lastModified).toUTCString(),
    'accept-ranges': 'bytes',
  };
  if (admitRead(request, object) === 'not modified') return { status: 304, headers };
  const range = byteRange(request.headers.range, object.size);
  const { start, end } = range ?? { start: 0, end: object.size };
  const body = request.method === 'GET' && end > start ? store.read(object, start, end) : undefined;
  return {
    status: range === undefined ? 200 : 206,
    headers: {
      ...headers,
      'content-length': String(end - start),
      ...(range !== undefined && { 'content-range': `bytes ${start}-${end - 1}/${object.size}` }),
    },
    ...(body !== undefined && { body }),
  };
}

async function put(request: S3Request, store: ObjectStore): Promise<S3Answer> {
  const { headers } = request;
  if (headers['x-amz-copy-source'] !== undefined) throw notImplemented('CopyObject');
  // Asked before the body is taken, to refuse early, and again when it is all here.
  admitWrite(request, store.find(request.key));
  const object = await store.write(request.key, checkedBody(request), keptHeaders(headers), (present) =>
    admitWrite(request, present),
  );
  return { status: 200, headers: { etag: object.etag } };
}

function keptHeaders(headers: S3Request['headers']): { [name: string]: string } {
  const kept: { [name: string]: string } = { 'content-type': 'binary/octet-stream' };
  for (const [name, value] of Object.entries(headers)) {
    if (KEPT_HEADERS.includes(name) || name.startsWith('x-amz-meta-')) kept[name] = value;
  }
  const encodings = (kept['content-encoding'] ?? '').split(',').map((encoding) => encoding.trim());
  const encoding = encodings.filter((name) => name !== '' && name !== 'aws-chunked').join(',');
  if (encoding === '') delete kept['content-encoding'];
  else kept['content-encoding'] = encoding;
  return kept;
}
