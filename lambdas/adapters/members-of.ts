export type Members = Readonly<Record<string, unknown>>;

/** The members of a JSON object; of anything else none, so that what is missing reads like what is not there. */
export function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : {};
}
