import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw } from 'node:zlib';
import type { Entry } from 'yauzl';
import { unreadableFile } from '../unreadable-file.ts';

const STORED = 0;
const DEFLATED = 8;
/** Bytes that come out at once. */
const CHUNK = 64 * 1024;

/** The content of a file within an archive, checked against the size and the checksum that its directory gives. */
export async function* inflateEntry(
  entry: Pick<Entry, 'compressionMethod' | 'uncompressedSize' | 'crc32'>,
  name: string,
  packed: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  let checksum = 0;
  for await (const chunk of unpacked(entry.compressionMethod, name, packed)) {
    size += chunk.length;
    if (size > entry.uncompressedSize) throw damaged(name, 'it is longer than the archive says');
    checksum = crc32(chunk, checksum);
    yield chunk;
  }
  if (checksum !== entry.crc32) throw damaged(name, 'its checksum is wrong');
}

function unpacked(method: number, name: string, packed: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  if (method === STORED) return inPieces(packed);
  if (method === DEFLATED) return inflated(name, packed);
  throw damaged(name, `it is compressed by method ${method}, which is not known here`);
}

/** Chunks of a file that is in memory may be as large as it is. */
async function* inPieces(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += CHUNK) yield chunk.subarray(at, at + CHUNK);
  }
}

async function* inflated(name: string, packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const inflate = createInflateRaw({ chunkSize: CHUNK });
  // Failures of either side reach the loop below through `inflate`.
  const piped = pipeline(packed, inflate).catch(() => undefined);
  try {
    for await (const chunk of inflate) yield chunk;
  } catch (error) {
    if (isZlibError(error)) throw damaged(name, error.message, error);
    throw error;
  } finally {
    inflate.destroy();
    await piped;
  }
}

function isZlibError(error: unknown): error is { readonly message: string } {
  return typeof error === 'object' && error !== null && 'code' in error && /^Z_/.test(String(error.code));
}

function damaged(name: string, why: string, cause?: unknown): Error {
  return unreadableFile(`${name} is damaged: ${why}`, cause);
}
