import { pipeline, type Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { ConnectionFailure, toConnectionFailure } from './connection-failure.ts';

const decoders = new Map<string, () => Transform>([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
  ['zstd', createZstdDecompress],
]);

/**
 * The body without its content encoding, decoded no faster than it is read: a compressed bomb costs its reader
 * only what the reader takes. Leaving the loop early closes the connection.
 */
export async function* decodedBody(
  raw: Readable,
  encoding: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const stream = decode(raw, encoding);
  try {
    for await (const chunk of stream) yield chunk;
  } catch (error) {
    throw signal.aborted ? signal.reason : toConnectionFailure(error);
  } finally {
    raw.destroy();
  }
}

function decode(raw: Readable, encoding: string | undefined): Readable {
  if (encoding === undefined || encoding === '' || encoding === 'identity') return raw;
  const decoder = decoders.get(encoding.toLowerCase());
  if (decoder === undefined) {
    throw new ConnectionFailure('protocol', `unknown content encoding ${encoding.slice(0, 40)}`);
  }
  // The iterator below reports errors of either stream: pipeline destroys the last with what broke the first.
  return pipeline(raw, decoder(), () => undefined);
}
