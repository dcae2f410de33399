import type { RemoteFile } from '../../lambdas/domain/file.ts';
import { FileChanged } from '../../lambdas/domain/file-changed.ts';

export type MemoryFile = RemoteFile & {
  /** The ranges asked for so far. */
  readonly reads: { readonly offset: number; readonly end: number | undefined }[];
};

/** A file in memory. `cuts` are the offsets at which its bytes are torn into chunks; a number means "every so many". */
export function memoryFile(
  content: Uint8Array | string,
  { cuts = 64 * 1024, version = 'v1' }: { cuts?: number | readonly number[]; version?: string } = {},
): MemoryFile {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const reads: MemoryFile['reads'] = [];
  return {
    reads,
    stat: async () => ({ version, size: bytes.length }),
    async *read({ version: wanted, offset, end = bytes.length }, signal) {
      reads.push({ offset, end });
      if (wanted !== version) throw new FileChanged();
      for (let at = offset; at < end; ) {
        signal.throwIfAborted();
        const next = Math.min(nextCut(at, cuts), end, bytes.length);
        if (next === at) return;
        yield bytes.subarray(at, next);
        at = next;
      }
    },
  };
}

function nextCut(at: number, cuts: number | readonly number[]): number {
  if (typeof cuts === 'number') return at + cuts;
  return cuts.find((cut) => cut > at) ?? Number.POSITIVE_INFINITY;
}
