import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader } from 'yauzl';
import { RetryableError, RunFailure } from '../../../domain/errors.ts';
import { limits } from '../limits.ts';
import { tooMuch, unreadableFile } from '../unreadable-file.ts';
import { inflateEntry } from './inflate-entry.ts';
import type { RangedBytes } from './ranged-bytes.ts';

export type ZipArchive = {
  has(name: string): boolean;
  /** Bytes of a file when inflated, as the archive says and `read` checks. */
  sizeOf(name: string): number;
  /** Inflates a file from its beginning; names are compared without regard to case, as OPC asks. */
  read(name: string): AsyncIterable<Uint8Array>;
};

/**
 * Opens a zip archive by its directory, without reading the files in it. Everything is bounded by `limits`, by what
 * the directory says before anything is inflated, and by what comes out while it is.
 */
export async function openZip(
  file: RangedBytes,
  signal: AbortSignal,
  mostInflated: number = limits.allInflatedBytes,
): Promise<ZipArchive> {
  const zip = await damageNamed(signal, () => {
    const options = { autoClose: false, decodeStrings: false, lazyEntries: true };
    return fromRandomAccessReaderPromise(new RangeReader(file), file.size, options);
  });
  if (zip.entryCount > limits.entries) throw tooMuch(`${zip.entryCount} entries, ${limits.entries} are allowed`);
  const entries = await damageNamed(signal, async () => {
    const found = new Map<string, Entry>();
    for await (const entry of zip.eachEntry()) found.set(keyOf(entry.fileNameRaw.toString('utf8')), entry);
    return found;
  });
  let inflated = 0;

  function entryOf(name: string): Entry {
    const entry = entries.get(keyOf(name));
    if (entry === undefined) throw unreadableFile(`${name} is missing`);
    return entry;
  }

  async function* read(name: string): AsyncGenerator<Uint8Array> {
    const entry = entryOf(name);
    checkLimits(name, entry);
    const { fileDataStart } = await damageNamed(signal, () => zip.readLocalFileHeaderPromise(entry, { minimal: true }));
    const packed = file.stream(fileDataStart, fileDataStart + entry.compressedSize);
    for await (const chunk of inflateEntry(entry, name, packed)) {
      inflated += chunk.length;
      if (inflated > mostInflated) throw tooMuch(`more than ${megabytes(mostInflated)} inflated`);
      yield chunk;
    }
  }

  return {
    has: (name) => entries.has(keyOf(name)),
    sizeOf: (name) => entryOf(name).uncompressedSize,
    read,
  };
}

/** yauzl's view of the file: it asks for the directory and the headers of files only. */
class RangeReader extends RandomAccessReader {
  readonly #file: RangedBytes;

  constructor(file: RangedBytes) {
    super();
    this.#file = file;
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    this.#file.bytes(position, length).then(
      (bytes) => {
        bytes.copy(buffer, offset);
        callback(null);
      },
      (error: Error) => callback(error),
    );
  }
}

/** Archives made on Windows may part folders by backslashes. */
function keyOf(name: string): string {
  return name.replaceAll('\\', '/').replace(/^\//, '').toLowerCase();
}

function checkLimits(name: string, { compressedSize, uncompressedSize, generalPurposeBitFlag }: Entry): void {
  if ((generalPurposeBitFlag & 1) !== 0) throw unreadableFile(`${name} is protected by a password`);
  if (uncompressedSize > limits.inflatedBytes) {
    throw tooMuch(`${name} inflates to ${megabytes(uncompressedSize)}, ${megabytes(limits.inflatedBytes)} are allowed`);
  }
  const ratio = uncompressedSize / Math.max(compressedSize, 1);
  if (uncompressedSize > limits.ratioFromBytes && ratio > limits.ratio) {
    throw tooMuch(`${name} inflates to ${Math.round(ratio)} times its size, ${limits.ratio} times are allowed`);
  }
}

const megabytes = (bytes: number) => `${Math.round(bytes / 1024 / 1024)} MiB`;

/** What yauzl throws is a damaged archive, unless it only passes on what reading the file has thrown. */
async function damageNamed<T>(signal: AbortSignal, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    if (signal.aborted || error instanceof RunFailure || error instanceof RetryableError) throw error;
    throw unreadableFile(error instanceof Error ? error.message : String(error), error);
  }
}
