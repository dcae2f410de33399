import { hash } from 'node:crypto';

/** 128 bits in hexadecimal. */
const LENGTH = 32;

/**
 * Identifies a record, whatever run sends it. `parts` are the record's key values as JSON, or where it has no key the
 * version of the source and the row. JSON keeps 1 and "1" apart, and no value can reach into the next one.
 */
export function pointId(wrapperId: string, kind: 'key' | 'row', parts: string): string {
  return hash('sha256', `${wrapperId}\n${kind}\n${parts}`, 'hex').slice(0, LENGTH);
}
