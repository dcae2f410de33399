import { RunFailure } from './errors.ts';

/** The file is no longer the version that the checkpoint is of. */
export function fileChanged(cause?: unknown): RunFailure {
  return new RunFailure(
    'refused',
    'file changed since the checkpoint; execute with ?from=start to read the new file from its first row',
    { cause },
  );
}
