import { timePattern } from './time-pattern.ts';

const named: ReadonlySet<string> = new Set(['iso', 'epoch_s', 'epoch_ms']);

/** What is wrong with a time format; undefined: it can be used. */
export function formatProblem(format: string): string | undefined {
  if (named.has(format)) return undefined;
  const read = timePattern(format);
  return typeof read === 'function' ? undefined : read.problem;
}
