import { RE2JS, RE2JSException } from 're2js';
import { invalidConfiguration } from './invalid-configuration.ts';

/** What a pattern takes of a text: its first group, or all of the match; null: that group took no part; undefined: no match. */
export type PatternMatcher = (text: string) => string | null | undefined;

/** Of the program that a pattern is compiled to: each character of a text may be tried with each of its steps. */
const LARGEST_PROGRAM = 500;
/** Characters of the longest text that is matched: with the largest program, a matter of seconds. */
export const LONGEST_MATCHED = 65_536;

/**
 * Compiles a regular expression of RE2's language. It is matched in time linear to the text, whatever the pattern: one
 * that users write can't hold up a run. `path` names it in the definition, for messages. Texts are to be no longer than
 * `LONGEST_MATCHED`.
 */
export function patternMatcher(pattern: string, path: string): PatternMatcher {
  const regex = compiled(pattern);
  if ('problem' in regex) throw invalidConfiguration(path, regex.problem);
  const group = Math.min(regex.groupCount(), 1);
  return (text) => {
    const matcher = regex.matcher(text);
    return matcher.find() ? matcher.group(group) : undefined;
  };
}

/** Why a pattern can't be used; undefined: it can. */
export function patternProblem(pattern: string): string | undefined {
  const regex = compiled(pattern);
  return 'problem' in regex ? regex.problem : undefined;
}

/** How many steps a pattern takes with each character, at most; none if it can't be used. */
export function patternSteps(pattern: string): number {
  const regex = compiled(pattern);
  return 'problem' in regex ? 0 : regex.programSize();
}

function compiled(pattern: string): RE2JS | { readonly problem: string } {
  try {
    const regex = RE2JS.compile(pattern);
    if (regex.programSize() <= LARGEST_PROGRAM) return regex;
    return { problem: `takes more than ${LARGEST_PROGRAM} steps: repeat less in {…}` };
  } catch (error) {
    if (error instanceof RE2JSException) return { problem: error.message };
    throw error;
  }
}
