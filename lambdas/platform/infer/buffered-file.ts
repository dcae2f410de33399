import { RetryableError, RunFailure } from '../../domain/errors.ts';
import type { RemoteFile } from '../../domain/file.ts';

/** A file that is fetched once and then read from memory: for formats that are read in many small pieces. */
export function bufferedFile(file: RemoteFile, mostBytes: number): RemoteFile {
  const facts = once((signal) => file.stat(signal));
  const content = once(async (signal) => {
    const { version, size } = await facts(signal);
    if (size > mostBytes) {
      throw new RunFailure('failed', `the file is larger than ${mostBytes / 1024 / 1024} MiB: upload it instead`);
    }
    const chunks: Uint8Array[] = [];
    for await (const chunk of file.read({ version, offset: 0, end: size }, signal)) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    if (bytes.length < size) throw new RetryableError(`the file ended after ${bytes.length} of ${size} bytes`);
    return bytes;
  });
  return {
    stat: facts,
    async *read({ offset, end }, signal) {
      yield (await content(signal)).subarray(offset, end);
    },
  };
}

function once<T>(make: (signal: AbortSignal) => Promise<T>): (signal: AbortSignal) => Promise<T> {
  let made: Promise<T> | undefined;
  return (signal) => {
    made ??= make(signal);
    return made;
  };
}
