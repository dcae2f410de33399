import { RunFailure } from '../../domain/errors.ts';

/** The file is not what it should be, for good. */
export function unreadableFile(why: string, cause?: unknown): RunFailure {
  return new RunFailure('failed', `the XLSX file can't be read: ${why}`, { cause });
}

/** The file may be right, but asks for more than is given. */
export function tooMuch(why: string): RunFailure {
  return new RunFailure('failed', `the XLSX file is beyond a limit: ${why}`);
}
