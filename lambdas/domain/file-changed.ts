import { RunFailure } from './errors.ts';

/** The file is no longer the version that was looked at before. */
export class FileChanged extends RunFailure {
  constructor(cause?: unknown) {
    super('refused', 'file changed while it was being read; try again', { cause });
  }
}
