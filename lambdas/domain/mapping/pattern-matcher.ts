import { RE2JS, RE2JSException } from 're2js';
import { invalidConfiguration } from './invalid-configuration.ts';

/** What a pattern takes of a text: its first group, or all of the match; null: that group took no part; undefined: no match. */
export type PatternMatcher = (text: string) => string | null | undefined;

/**
 * Compiles a regular expression of RE2's language. It is matched in time linear to the text, whatever the pattern: one
 * that users write can't hold up a run. `path` names it in the definition, for messages.
 */
export function patternMatcher(pattern: string, path: string): PatternMatcher {
  const regex = compiled(pattern, path);
  const group = Math.min(regex.groupCount(), 1);
  return (text) => {
    const matcher = regex.matcher(text);
    return matcher.find() ? matcher.group(group) : undefined;
  };
}

function compiled(pattern: string, path: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    if (error instanceof RE2JSException) throw invalidConfiguration(path, error.message);
    throw error;
  }
}
