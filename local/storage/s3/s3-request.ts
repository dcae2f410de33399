import type { IncomingMessage } from 'node:http';
import { S3Error } from './s3-error.ts';

/** A request taken apart, path style: `/bucket/key`. */
export type S3Request = {
  readonly method: string;
  /** As it came, still percent-encoded: signatures are made over it. */
  readonly path: string;
  readonly bucket: string;
  /** Empty when the bucket itself is meant. */
  readonly key: string;
  readonly query: { readonly [name: string]: string };
  /** Names in lower case. */
  readonly headers: { readonly [name: string]: string };
  readonly body: AsyncIterable<Buffer>;
};

export function readRequest(incoming: IncomingMessage): S3Request {
  const url = incoming.url ?? '/';
  const [path = '/', search = ''] = url.split('?', 2);
  const [, bucket = '', ...key] = path.split('/');
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value ?? '')]);
  return {
    method: incoming.method ?? 'GET',
    path,
    bucket: decoded(bucket),
    key: decoded(key.join('/')),
    query: Object.fromEntries(new URLSearchParams(search)),
    headers: Object.fromEntries(headers),
    // Whoever stops reading early still owes the client an answer over this connection.
    body: incoming.iterator({ destroyOnReturn: false }),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new S3Error(400, 'InvalidURI', "Couldn't parse the specified URI.");
  }
}
