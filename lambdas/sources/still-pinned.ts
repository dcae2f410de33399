import type { RemoteFile } from '../domain/file.ts';
import type { ReadingPlan } from '../domain/source.ts';

/** The plan that was pinned, where the file is still the version that it is for; undefined: there is something to find out. */
export async function stillPinned(
  pinned: ReadingPlan | undefined,
  file: RemoteFile,
  signal: AbortSignal,
): Promise<ReadingPlan | undefined> {
  if (pinned === undefined) return undefined;
  const { version } = await file.stat(signal);
  return version === pinned.version ? pinned : undefined;
}
