import { open, stat } from 'node:fs/promises';
import type { RemoteFile } from '../lambdas/domain/file.ts';

/** A generated file as the sources see theirs, without a server in between. */
export function localFile(path: string): RemoteFile {
  return {
    stat: async () => ({ version: 'bench', size: (await stat(path)).size }),
    async *read({ offset, end }) {
      const handle = await open(path);
      yield* handle.createReadStream({ start: offset, ...(end === undefined ? {} : { end: end - 1 }) });
    },
  };
}
