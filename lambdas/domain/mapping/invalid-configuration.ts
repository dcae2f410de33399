import { RunFailure } from '../errors.ts';

/** A definition that can't work with this source; `path` is the field in the definition. */
export function invalidConfiguration(path: string, why: string): RunFailure {
  return new RunFailure('refused', `Invalid wrapper configuration: ${path}: ${why}`);
}
