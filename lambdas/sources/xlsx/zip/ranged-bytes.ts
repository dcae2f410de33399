import { RetryableError } from '../../../domain/errors.ts';
import type { FileFacts, RemoteFile } from '../../../domain/file.ts';
import { unreadableFile } from '../unreadable-file.ts';

/** Bytes asked for at once. */
const BLOCK = 64 * 1024;
/** A file up to this size is fetched whole, by one request; a larger one if each request would cost as much anyway. */
const SMALL_FILE = 1024 * 1024;
const SMALL_SEQUENTIAL_FILE = 64 * 1024 * 1024;
/** Blocks kept: those of the directory and the beginnings of files are asked for again and again. */
const MOST_BLOCKS = 64;

export type RangedBytes = {
  readonly size: number;
  /** Exactly these bytes. Small pieces: they are kept for a while, with what is around them. */
  bytes(offset: number, length: number): Promise<Buffer>;
  /** The bytes of a longer range, as they come. */
  stream(offset: number, end: number): AsyncIterable<Uint8Array>;
};

/** Random access to a file by range requests, few of them. Memory: 4 MB, or the file where there are no ranges. */
export function rangedBytes(file: RemoteFile, facts: FileFacts, signal: AbortSignal): RangedBytes {
  const { version, size } = facts;
  const isWhole = size <= (facts.isSequential === true ? SMALL_SEQUENTIAL_FILE : SMALL_FILE);
  const blockSize = isWhole ? Math.max(size, 1) : BLOCK;
  const blocks = new Map<number, Buffer>();

  async function* stream(offset: number, end: number): AsyncGenerator<Uint8Array> {
    checkWithin(offset, end, size);
    if (isWhole) {
      yield await bytes(offset, end - offset);
      return;
    }
    let received = offset;
    for await (const chunk of file.read({ version, offset, end }, signal)) {
      signal.throwIfAborted();
      received += chunk.length;
      yield chunk;
    }
    if (received < end) throw new RetryableError(`the file ended after ${received} of ${size} bytes`);
  }

  /** Fetches the blocks from `first` to `last` by one request. */
  async function fetch(first: number, last: number): Promise<void> {
    const offset = first * blockSize;
    const end = Math.min((last + 1) * blockSize, size);
    const chunks: Uint8Array[] = [];
    for await (const chunk of file.read({ version, offset, end }, signal)) chunks.push(chunk);
    const all = Buffer.concat(chunks);
    if (all.length < end - offset) {
      throw new RetryableError(`the file ended after ${offset + all.length} of ${size} bytes`);
    }
    for (let block = first; block <= last; block++) {
      blocks.set(block, all.subarray((block - first) * blockSize, (block - first + 1) * blockSize));
    }
  }

  async function bytes(offset: number, length: number): Promise<Buffer> {
    signal.throwIfAborted();
    checkWithin(offset, offset + length, size);
    if (length === 0) return Buffer.alloc(0);
    const first = Math.floor(offset / blockSize);
    const last = Math.floor((offset + length - 1) / blockSize);
    const numbers = Array.from({ length: last - first + 1 }, (_, index) => first + index);
    const missing = numbers.filter((block) => !blocks.has(block));
    if (missing.length > 0) await fetch(missing[0] as number, missing.at(-1) as number);
    const found = numbers.map((block) => blocks.get(block) as Buffer);
    const joined = found.length === 1 ? (found[0] as Buffer) : Buffer.concat(found);
    for (const oldest of blocks.keys()) {
      if (blocks.size <= MOST_BLOCKS) break;
      blocks.delete(oldest);
    }
    return joined.subarray(offset - first * blockSize, offset - first * blockSize + length);
  }

  return { size, bytes, stream };
}

function checkWithin(offset: number, end: number, size: number): void {
  if (offset >= 0 && offset <= end && end <= size) return;
  throw unreadableFile(`it is cut off or damaged: bytes ${offset} to ${end} are not within its ${size}`);
}
