/**
 * `lost`: ended without a word (crashed, timed out, aborted by someone else, lease run out).
 * `refused`: it never got to work, for it could not be started, or its first look showed that it can't be done.
 */
export type RunOutcome = 'executing' | 'completed' | 'stopped' | 'failed' | 'lost' | 'refused';
