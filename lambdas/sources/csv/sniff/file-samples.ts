import type { FileFacts, RemoteFile } from '../../../domain/file.ts';

/** Bytes of a sample, and of the first look. */
export const SAMPLE = 64 * 1024;
/** Where a server sends everything before an offset too, a larger file is judged by its beginning alone. */
const MOST_SEQUENTIAL = 8 * 1024 * 1024;

export type Sample = { readonly offset: number; readonly bytes: Uint8Array };

/** Parts of a file, each read once and only when asked for. */
export type FileSamples = FileFacts & {
  readonly head: Uint8Array;
  /** The head is the file. */
  readonly isWhole: boolean;
  /** Undefined where looking there would cost too much, or the head is all there is. */
  middle(): Promise<Sample | undefined>;
  end(): Promise<Sample | undefined>;
};

export async function fileSamples(file: RemoteFile, signal: AbortSignal): Promise<FileSamples> {
  const facts = await file.stat(signal);
  const { version, size } = facts;
  const read = (offset: number, end: number) => readAll(file.read({ version, offset, end }, signal));
  const head = size === 0 ? new Uint8Array() : await read(0, Math.min(size, SAMPLE));
  const hasMore = size > SAMPLE && (facts.isSequential !== true || size <= MOST_SEQUENTIAL);
  const middleOffset = even(Math.max(SAMPLE, size / 2 - SAMPLE / 2));
  const endOffset = even(Math.max(SAMPLE, size - SAMPLE));
  const sample = (offset: number, end: number) =>
    hasMore && offset < end ? once(async () => ({ offset, bytes: await read(offset, end) })) : nothing;
  return {
    ...facts,
    head,
    isWhole: size <= SAMPLE,
    middle: sample(middleOffset, Math.min(middleOffset + SAMPLE, endOffset)),
    end: sample(endOffset, size),
  };
}

const nothing = async () => undefined;
/** UTF-16 is cut between its units. */
const even = (offset: number) => Math.floor(offset / 2) * 2;

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

async function readAll(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}
