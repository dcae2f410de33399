import { createHash } from 'node:crypto';

/** 96 bits tell any two values apart, and keep the items small that they are stored in. */
const DIGEST_CHARACTERS = 16;

/** The same for values that say the same, whatever the order of their members. */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('base64url').slice(0, DIGEST_CHARACTERS);
}

/** JSON with the members of objects sorted by name. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member) ? sorted(member) : member,
  );
}

/** Without a prototype, so that a member may have any name; names that look like integers come first, in all of them. */
function sorted(members: object): object {
  const entries = Object.entries(members).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.assign(Object.create(null), Object.fromEntries(entries));
}
